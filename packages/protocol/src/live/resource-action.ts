import { z } from 'zod';
import { liveResourceQuerySchema } from './live-resource.ts';

/** A parameter that an action asks for. */
export const actionParameterSchema = z.object({
  name: z.string(),
  default: z.string().optional(),
  type: z.string().optional(),
  value: z.string().optional(),
});

/** An action that a live object offers; `disabled` ones make no sense in the state that it is in. */
export const resourceActionSchema = z.object({
  name: z.string(),
  disabled: z.boolean().optional(),
  displayName: z.string().optional(),
  iconClass: z.string().optional(),
  params: z.array(actionParameterSchema).optional(),
});
export type ResourceAction = z.output<typeof resourceActionSchema>;

export const resourceActionsSchema = z.object({ actions: z.array(resourceActionSchema) });

/** The name of the action, as a JSON string: Argo CD's older way to run one. */
export const resourceActionNameSchema = z.string().min(1);

/** The object, the action and its parameters. */
export const resourceActionRunSchema = z.object({
  ...liveResourceQuerySchema.shape,
  action: z.string().min(1),
  resourceActionParameters: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
