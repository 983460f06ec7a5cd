import { ARCHIVE_ROWS } from '../../src/engine/remedies/archive-rows.ts'
import { COMPILER_ROWS } from '../../src/engine/remedies/compiler-rows.ts'
import { DAEMON_ROWS, INTERRUPTION_ROWS } from '../../src/engine/remedies/daemon-rows.ts'
import { ENGINE_ROWS } from '../../src/engine/remedies/engine-rows.ts'
import { HINT_ROWS } from '../../src/engine/remedies/hint-rows.ts'
import { PACKAGE_ROWS } from '../../src/engine/remedies/package-rows.ts'
import { PODMAN_ROWS } from '../../src/engine/remedies/podman-rows.ts'
import { PROGRAM_ROWS } from '../../src/engine/remedies/program-rows.ts'
import { PUSH_ROWS } from '../../src/engine/remedies/push-rows.ts'
import { REGISTRY_ROWS } from '../../src/engine/remedies/registry-rows.ts'
import { SCRIPT_ROWS } from '../../src/engine/remedies/script-rows.ts'

/** Every row of advice, by what it is about. */
export const ALL_ROWS = {
  'what the scripts of families find out': SCRIPT_ROWS,
  'the engine and this machine': ENGINE_ROWS,
  'an engine that is not there': DAEMON_ROWS,
  Podman: PODMAN_ROWS,
  'archives of packages': ARCHIVE_ROWS,
  'packages and the builder': PACKAGE_ROWS,
  'registries that images come from': REGISTRY_ROWS,
  'registries that images go to': PUSH_ROWS,
  'programs in images': PROGRAM_ROWS,
  compilers: COMPILER_ROWS,
  'connections that break off': INTERRUPTION_ROWS,
  'what a scratch image lacks': HINT_ROWS,
}
