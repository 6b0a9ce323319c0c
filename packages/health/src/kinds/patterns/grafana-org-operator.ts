import { firstOf, readiness } from '../../steps.ts';

/** Every kind of `grafana-org-operator.kubitus-project.gitlab.io`. */
export const grafanaOrgOperator = firstOf('Waiting for the operator', readiness());
