import type { Application } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';

/** The API server has checked an Application it returns against its CRD: the object is of the type. */
export function asApplication(object: KubeObject): Application {
  return object as unknown as Application;
}

/** For writing: an Application is a Kubernetes object. */
export function asObject(application: Application): KubeObject {
  return application as unknown as KubeObject;
}

/** The object without managedFields, which no client of the REST API wants. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  if (!object.metadata.managedFields) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
