import type { Attributes } from '../otlp/attributes.ts'

/** What the path of a container's log says about it. */
export interface Pod {
  /** The name that its pods share: of the Deployment, StatefulSet, DaemonSet or Job, where the pod's name shows it. */
  workload: string
  attributes: Attributes
}

/** `/var/log/pods/<namespace>_<pod>_<uid>/<container>/<restarts>.log`, as the kubelet lays them out. */
const POD = /(?:^|\/)pods\/([^/_]+)_([^/_]+)_([^/_]+)\/([^/]+)\/(\d+)\.log/
/** `/var/log/containers/<pod>_<namespace>_<container>-<id>.log`, links to the former. */
const CONTAINER = /(?:^|\/)containers\/([^/_]+)_([^/_]+)_([^/]+)-([0-9a-f]{64})\.log/
/** `/var/lib/docker/containers/<id>/<id>-json.log`. */
const DOCKER = /(?:^|\/)containers\/([0-9a-f]{64})\/\1-json\.log/

/** Letters that Kubernetes draws names from: no vowels and none that look alike, so that few words are made of them. */
const DRAWN = '[bcdfghjklmnpqrstvwxz2456789]'
const OF_DEPLOYMENT = new RegExp(`^(.+)-${DRAWN}{6,10}-${DRAWN}{5}$`)
const OF_DAEMON_SET_OR_JOB = new RegExp(`^(.+)-${DRAWN}{5}$`)
const OF_STATEFUL_SET = /^(.+)-\d{1,4}$/
/** A CronJob's jobs carry the minute they were planned for. */
const OF_CRON_JOB = /^(.+)-\d{8,10}$/

/** Null for a path that is no container's. */
export function podOf(path: string): Pod | null {
  return ofKubelet(path) ?? ofLink(path) ?? ofDocker(path)
}

function ofKubelet(path: string): Pod | null {
  const [found, namespace = '', name = '', uid = '', container = '', restarts = ''] = POD.exec(path) ?? []
  if (found === undefined) return null
  return podNamed(name, {
    'k8s.namespace.name': namespace,
    'k8s.pod.name': name,
    'k8s.pod.uid': uid,
    'k8s.container.name': container,
    'k8s.container.restart_count': Number(restarts),
  })
}

function ofLink(path: string): Pod | null {
  const [found, name = '', namespace = '', container = '', id = ''] = CONTAINER.exec(path) ?? []
  if (found === undefined) return null
  return podNamed(name, { 'k8s.namespace.name': namespace, 'k8s.pod.name': name, 'k8s.container.name': container, 'container.id': id })
}

function ofDocker(path: string): Pod | null {
  const id = DOCKER.exec(path)?.[1]
  return id === undefined ? null : { workload: id.slice(0, 12), attributes: { 'container.id': id } }
}

function podNamed(name: string, attributes: Attributes): Pod {
  return { workload: workloadOf(name), attributes }
}

function workloadOf(pod: string): string {
  const own = (OF_DEPLOYMENT.exec(pod) ?? OF_DAEMON_SET_OR_JOB.exec(pod) ?? OF_STATEFUL_SET.exec(pod))?.[1] ?? pod
  return OF_CRON_JOB.exec(own)?.[1] ?? own
}
