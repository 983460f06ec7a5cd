import { USER_ID } from '../names.ts'

/** The lines of /etc/passwd: passwd(5). Neither user can log in; nonroot's home is a folder that is not there. */
export const PASSWD: readonly string[] = [
  'root:x:0:0:root:/root:/sbin/nologin',
  `nonroot:x:${USER_ID}:${USER_ID}:nonroot:/nonexistent:/sbin/nologin`,
]

/** The lines of /etc/group: group(5). */
export const GROUP: readonly string[] = ['root:x:0:', `nonroot:x:${USER_ID}:`]
