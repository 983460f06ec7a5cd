// The processor time of an engine's containers on this machine.
import { readFileSync } from 'node:fs'

/** The control group above all containers, by cgroups 1 and 2; each keeps what ended below it. */
const METERS = [
  {
    file: '/sys/fs/cgroup/cpuacct/docker/cpuacct.usage',
    seconds: text => Number(text) / 1e9,
  },
  {
    file: '/sys/fs/cgroup/docker/cpu.stat',
    seconds: text => Number(/^usage_usec (\d+)$/m.exec(text)?.[1] ?? NaN) / 1e6,
  },
]

/** Returns the seconds that containers of Docker have used since the machine started, or null where that can't be told. */
export const containerCpu = () => {
  for (const { file, seconds } of METERS) {
    const all = seconds(readOr(file))
    if (all > 0) return all
  }
  return null
}

/** Returns what `work` measured, its `cpu` with that of the containers; as it was where theirs can't be told. */
export const withContainers = async work => {
  const before = containerCpu()
  const figures = await work()
  const after = containerCpu()
  return before === null || after === null
    ? figures
    : { ...figures, cpu: figures.cpu + after - before }
}

const readOr = file => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
