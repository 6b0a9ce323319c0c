/** Paths are relative to the control plane's folder, which is the working folder of every process. */
const pki = 'pki';
const serviceRange = '10.96.0.0/12';

/**
 * One member, no peers. It listens on Unix sockets only: no ports to choose, and nobody but the owner of the folder can
 * pass by the API server's access control. The advertised URLs are required but never dialled.
 */
export function etcdArguments(): string[] {
  return [
    '--name=plumbline',
    '--data-dir=etcd',
    '--unsafe-no-fsync',
    '--listen-client-urls=unix://etcd.sock',
    '--advertise-client-urls=http://127.0.0.1:2379',
    '--listen-peer-urls=unix://etcd-peer.sock',
    '--initial-advertise-peer-urls=http://127.0.0.1:2380',
    '--initial-cluster=plumbline=http://127.0.0.1:2380',
    '--quota-backend-bytes=8589934592',
    '--snapshot-count=10000',
    '--log-level=warn',
  ];
}

export const etcdSockets = ['etcd.sock', 'etcd-peer.sock'] as const;

/** A single API server: RBAC, client certificates, the admission of an ordinary cluster, no audit, no profiling. */
export function apiServerArguments(port: number): string[] {
  return [
    '--etcd-servers=unix://etcd.sock',
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    // Endpoints must not be loopback addresses. Nothing dials this one (TEST-NET-1), and no network card is needed.
    '--advertise-address=192.0.2.1',
    `--tls-cert-file=${pki}/apiserver.crt`,
    `--tls-private-key-file=${pki}/apiserver.key`,
    `--client-ca-file=${pki}/ca.crt`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged=true',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki}/sa.pub`,
    `--service-account-signing-key-file=${pki}/sa.key`,
    `--service-cluster-ip-range=${serviceRange}`,
    // Fair queuing divides the sum of both over its levels: large, so that one busy client is never throttled.
    '--max-requests-inflight=3000',
    '--max-mutating-requests-inflight=1500',
    '--delete-collection-workers=8',
    '--profiling=false',
  ];
}

/** Every controller of an ordinary cluster; request limits high enough for syncs of thousands of objects. */
export function controllerManagerArguments(): string[] {
  return [
    '--kubeconfig=controller-manager.kubeconfig',
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${pki}/sa.key`,
    `--root-ca-file=${pki}/ca.crt`,
    `--cluster-signing-cert-file=${pki}/ca.crt`,
    `--cluster-signing-key-file=${pki}/ca.key`,
    '--leader-elect=false',
    '--secure-port=0',
    '--profiling=false',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--concurrent-deployment-syncs=20',
    '--concurrent-replicaset-syncs=20',
    '--concurrent-statefulset-syncs=20',
    '--concurrent-job-syncs=20',
    '--concurrent-namespace-syncs=20',
    '--concurrent-gc-syncs=40',
  ];
}

export function schedulerArguments(): string[] {
  return ['--config=scheduler.json', '--secure-port=0'];
}

/** The scheduler's configuration file, as JSON. */
export function schedulerConfiguration(): string {
  return JSON.stringify({
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    leaderElection: { leaderElect: false },
    enableProfiling: false,
    clientConnection: { kubeconfig: 'scheduler.kubeconfig', qps: 500, burst: 1000 },
  });
}

/** kwok plays the kubelet of every node. The pod range has room for eight million addresses. */
export function kwokArguments(stages: string): string[] {
  return [
    '--kubeconfig=kwok.kubeconfig',
    `--config=${stages}`,
    '--manage-all-nodes=true',
    '--cidr=10.128.0.0/9',
    '--node-ip=192.0.2.2',
    '--node-lease-duration-seconds=40',
  ];
}
