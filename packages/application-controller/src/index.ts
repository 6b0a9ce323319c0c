export { type ApplicationController, type ControllerParts, runController } from './controller.ts';
