import type { RemedyRow } from './row.ts'

const AGAIN =
  'Then run the same command again: what is made stays made, and only the push is repeated.'

/** Sending an image to a registry: the same words mean something else than where one is fetched. */
export const PUSH_ROWS: readonly RemedyRow[] = [
  {
    code: 'registry-full',
    when: /no space left on device|insufficient storage|quota (?:has been )?exceeded|exceeds? (?:the )?quota|exceed the configured upper limit|request entity too large|\b(?:507|413)\b/i,
    what: 'The registry accepts no more: it is full, or you have reached a limit there.',
    todo: {
      all: ['Remove old images or tags in the registry, or ask its operator for more room.', AGAIN],
    },
    lacks: false,
  },
  {
    code: 'registry-read-only',
    when: /operation is unsupported|method not allowed/i,
    what: 'The registry accepts no pushes: it is read-only, or only a cache of another one.',
    todo: { all: ['Name the registry that is meant for pushes: --push REGISTRY/NAME'] },
    lacks: false,
  },
  {
    code: 'sign-password',
    when: /decrypt: encrypted: decryption failed/,
    what: 'COSIGN_PASSWORD is not the password of this key.',
    todo: { all: ['Set it to the one that the key was made with.', AGAIN] },
    lacks: false,
  },
  {
    code: 'push-login',
    when: /no basic auth credentials|authentication required|incorrect username or password|invalid username\/password|\bunauthorized\b|401 unauthorized/i,
    what: 'The registry requires a login before it accepts an image, or rejects the saved one.',
    todo: {
      all: ['Log in, with a token if it has those: {client} login REGISTRY', AGAIN],
      alone: ['Log in, with a token if it has those: skopeo login REGISTRY', AGAIN],
    },
    lacks: false,
  },
  {
    code: 'push-refused',
    when: /requested access to the resource is denied|\bdenied\b|insufficient_scope|403 forbidden/i,
    what: 'The registry does not let you push under that name: it is not yours, or you are not logged in.',
    todo: {
      all: [
        'Name a place that is yours, often REGISTRY/YOU/NAME, or ask for the right to push there.',
        'Log in as somebody else: {client} login REGISTRY',
      ],
      alone: [
        'Name a place that is yours, often REGISTRY/YOU/NAME, or ask for the right to push there.',
        'Log in as somebody else: skopeo login REGISTRY',
      ],
    },
    lacks: false,
  },
  {
    code: 'push-unknown',
    when: /name[_ ]unknown|repository \S+ (?:not found|does not exist)/i,
    what: 'The registry has no such place, and makes none by itself.',
    todo: { all: ['Make the repository in its pages first, or correct the name.', AGAIN] },
    lacks: false,
  },
  {
    code: 'registry-down',
    when: /unexpected HTTP status:? 5\d\d|unexpected status[^\n]*: 5\d\d|\b50[0234] \(?(?:internal server error|bad gateway|service unavailable|gateway time-?out)|received unexpected http status|unknown: unknown error/i,
    what: 'The registry has a problem of its own at the moment; a full disk there looks like this, too.',
    todo: {
      all: ['Check its status, or ask its operator.', AGAIN],
    },
    lacks: true,
  },
]
