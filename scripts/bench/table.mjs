// The table as Markdown.
import os from 'node:os'
import { measuredBy } from './measure.mjs'

/** The whole page, from the results of the sections and how they were measured. */
export const page = (results, options, engine) =>
  `# What it costs

${machine(options, engine)}

${results.map(section).join('\n\n')}

## How this is measured

\`npm run bench\` makes this page; \`npm run bench -- help first second\` measures single sections. Both ways run on
the same machine in the same run, in turn (ours, theirs, ours, theirs, …)${options.warmUp ? ', after one warm-up of each that does not count' : ''}.
The figures are medians; a ratio is the median of the ratios of single pairs, with the least and the greatest in
brackets, so it need not be the quotient of the two medians. CPU and memory are those of a command with all that it
starts and waits for (${measuredBy()}); what the engine itself uses is not in them. An empty *met* means that nothing
is required of that row.

*The first question*, *Keys*, *A flood in the live view*: all in a pseudo-terminal of 80 columns and 24 rows. For the
first question both ways are stopped as soon as their text arrives, and the CPU is what the scheduler has counted for
their threads; the bare node writes one character and waits. A key's time goes from its write to the arrival of the
output that changes the screen; the keys begin as the first question appears, while the rest still loads. A redraw is
one write to stdout, counted in our process; its bytes are those that the terminal got, over all redraws.

*First, by hand*: \`docker run\` of ubuntu:20.04 with the folder mounted, in it \`apt-get update\`,
\`apt-get install -y build-essential\` and \`gcc -o hello -static hello.c\`; then \`docker build\` and \`docker run\`.
*Second, by hand*: the same without apt-get, in the builder that has a compiler already. Both ways build with the
same builder (classic or BuildKit).

*Other families*: the seconds of our step *bootstrap* against a container of the same builder with the same rights, in
which dnf, zypper or pacman is called as a person would call it, once with the small packages of the tests and once with a
hundred more of 41 files and 0.7 MB each; the last row adds \`tar\` in the container and \`docker import\`. All come from this machine.
The builder has the key for dnf and zypper, as those of the distributions have; for pacman ours gets it by \`--keyring\`, and by
hand it is \`pacman-key --init\`, \`--add\` and \`--lsign-key\`.
BusyBox, which no container makes: our whole command with its proof, and \`docker load\`, against \`dpkg -x\` of Debian's
\`busybox-static\`, a link for each of its names, \`tar\` and \`docker import\`; then \`docker run\` for both. Both have the package at
hand; ours also asks whether the signed index is the same.
Alpine without an engine: our whole command, from signed indexes with as many packages as those of 3.20 and packages of the size
of its least, all made here; the first run fills the cache and does not count.
`

const machine = ({ runs, date }, engine) => {
  const cores = os.availableParallelism()
  const memory = (os.totalmem() / 1e9).toFixed(0)
  const docker =
    engine === null
      ? 'no engine'
      : `${engine.serverName} ${engine.serverVersion}, client ${engine.clientVersion}, ${engine.builder}`
  return `${date}; ${runs} run${runs === 1 ? '' : 's'}; ${cores} cores, ${memory} GB, ${os.type()} ${os.release().split('-')[0]} ${os.machine()}; Node ${process.versions.node}; ${docker}.`
}

const section = ({ title, rows, skipped }) =>
  skipped === undefined
    ? [`## ${title}`, '', ...HEAD, ...rows.map(line)].join('\n')
    : `## ${title}\n\nNot measured: ${skipped}.`

const HEAD = ['| what | ours | theirs | ratio | bound | met |', '|---|---|---|---|---|---|']

const line = ({ what, ours, theirs, ratio, bound, met }) =>
  `| ${[what, ours, theirs, ratio, bound, met === null ? '' : met ? 'yes' : '**no**'].join(' | ')} |`
