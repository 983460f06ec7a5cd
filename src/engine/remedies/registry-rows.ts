import type { RemedyRow, TodoByPlatform } from './row.ts'

const PODMAN_PROXY =
  'In a company, set HTTPS_PROXY in the environment (of podman machine, where there is one).'

const REACH_REGISTRY: TodoByPlatform = {
  all: [
    "Check this machine's network, then repeat the command.",
    'In a company, the engine may need a proxy: https://docs.docker.com/engine/daemon/proxy/',
  ],
  darwin: [
    "Check this machine's network or VPN, then repeat the command.",
    'In a company, Docker Desktop may need a proxy: Settings > Resources > Proxies.',
  ],
  win32: [
    "Check this machine's network or VPN, then repeat the command.",
    'In a company, Docker Desktop may need a proxy: Settings > Resources > Proxies.',
  ],
  podman: ["Check this machine's network, then repeat the command.", PODMAN_PROXY],
}

/** Getting an image from a registry. */
export const REGISTRY_ROWS: readonly RemedyRow[] = [
  {
    code: 'rate-limit',
    when: /toomanyrequests|pull rate limit|429 too many requests/i,
    what: 'The registry has had too many downloads from your network address for now.',
    todo: {
      all: [
        'Log in, which raises the limit: {client} login',
        'Or wait: the limit counts over some hours. Repeating at once does not help.',
      ],
    },
    lacks: true,
  },
  {
    code: 'engine-proxy',
    when: /proxyconnect tcp: (?:dial tcp )?(?:lookup )?([^\s:]+(?::\d+)?)/i,
    what: 'The engine is set to use the proxy {found|of its settings}, and that does not answer.',
    todo: {
      all: [
        'See which proxy it uses: {client} info | grep -i proxy',
        'Correct it: https://docs.docker.com/engine/daemon/proxy/   then   sudo systemctl restart docker',
      ],
      darwin: ['Correct it in Docker Desktop: Settings > Resources > Proxies.'],
      win32: ['Correct it in Docker Desktop: Settings > Resources > Proxies.'],
      podman: ['Correct HTTP_PROXY and HTTPS_PROXY in the environment of podman.'],
    },
    lacks: true,
  },
  {
    code: 'registry-certificate',
    when: /x509: ([^\n]+)/i,
    what: "The engine does not trust the registry's certificate ({found|x509}); a company's network often replaces it.",
    todo: {
      all: [
        "Ask for your company's root certificate and save it as /etc/docker/certs.d/REGISTRY/ca.crt",
        'For Docker Hub, REGISTRY is registry-1.docker.io. No restart is needed.',
      ],
      darwin: [
        "Add your company's root certificate to the system keychain as trusted, then restart Docker Desktop.",
      ],
      win32: [
        'Add your company\'s root certificate to "Trusted Root Certification Authorities", then restart Docker Desktop.',
      ],
      podman: [
        "Ask for your company's root certificate and save it as /etc/containers/certs.d/REGISTRY/ca.crt",
        'For Docker Hub, REGISTRY is docker.io. With podman machine, inside of it: podman machine ssh',
      ],
    },
    lacks: true,
  },
  {
    code: 'registry-http',
    when: /first record does not look like a TLS handshake|server gave HTTP response to HTTPS client/i,
    what: 'The registry speaks plain HTTP, which engines refuse unless told otherwise.',
    todo: {
      all: [
        'If it is your own, add it to "insecure-registries" in /etc/docker/daemon.json,',
        'then restart the engine: sudo systemctl restart docker',
      ],
      darwin: [
        'If it is your own, add it to "insecure-registries" in Docker Desktop: Settings > Docker Engine.',
      ],
      win32: [
        'If it is your own, add it to "insecure-registries" in Docker Desktop: Settings > Docker Engine.',
      ],
      podman: [
        'If it is your own, name it in ~/.config/containers/registries.conf: [[registry]] with',
        'location = "HOST:PORT" and insecure = true',
      ],
    },
    lacks: true,
  },
  {
    code: 'registry-down',
    when: /unexpected HTTP status:? 5\d\d|unexpected status[^\n]*: 5\d\d|\b50[0234] \(?(?:internal server error|bad gateway|service unavailable|gateway time-?out)/i,
    what: 'The registry has a problem of its own at the moment.',
    todo: {
      all: [
        'Check its status (Docker Hub: https://www.dockerstatus.com), and repeat the command later.',
      ],
    },
    lacks: true,
  },
  {
    code: 'captive-portal',
    when: /invalid character '<' looking for beginning of value/i,
    what: 'Instead of the registry a web page answered: a login page of this network, or a filter.',
    todo: { all: ['Open any page in a browser, log in to the network, then repeat the command.'] },
    lacks: true,
  },
  {
    code: 'registry-dns',
    when: /lookup (\S+?)(?: on \S+)?: (?:no such host|server misbehaving|temporary failure|[^\n]*i\/o timeout)/i,
    what: 'The engine cannot find the registry {found|by its name}: there is no network, or no such host.',
    todo: REACH_REGISTRY,
    lacks: true,
  },
  {
    code: 'registry-unreachable',
    when: /dial tcp (\S+?): (?:connect: |i\/o timeout)|TLS handshake timeout|Client\.Timeout exceeded|context deadline exceeded|network is unreachable|no route to host|pinging container registry/i,
    what: 'The registry does not answer at {found|its address}.',
    todo: REACH_REGISTRY,
    lacks: true,
  },
  {
    code: 'needs-buildkit',
    when: /failed to parse platform : "" is an invalid component|failed to get destination image[^\n]*does not match the specified platform/i,
    what: 'The classic builder cannot do this; it needs BuildKit.',
    todo: {
      all: [
        'Install the buildx plugin: https://docs.docker.com/go/buildx/   and unset DOCKER_BUILDKIT',
      ],
      darwin: ['Update Docker Desktop, which brings buildx, and unset DOCKER_BUILDKIT'],
      win32: [
        'Update Docker Desktop, which brings buildx, and remove DOCKER_BUILDKIT from the environment.',
      ],
    },
    lacks: true,
  },
  {
    code: 'image-platform',
    when: /no matching manifest for (\S+)|no match for platform in manifest|no image found in manifest list for|its platform \((\S+)\) does not match the specified platform/i,
    what: 'The registry does not offer {image} for {found|the architecture that is asked for}.',
    todo: {
      all: [
        'See which ones it is for: {client} manifest inspect IMAGE',
        'Then choose one of them: --arch NAME   or another builder: --builder IMAGE',
      ],
    },
    lacks: false,
  },
  {
    code: 'image-unknown',
    when: /manifest unknown|manifest for \S+ not found|name unknown|failed to resolve source metadata[^\n]*: not found$/im,
    what: 'The registry has no image named {image}.',
    todo: {
      all: [
        'Check the name and the tag; for official images: https://hub.docker.com/search?badges=official',
      ],
    },
    lacks: false,
  },
  {
    code: 'image-denied',
    when: /pull access denied|no basic auth credentials|unauthorized|access to the resource is denied|authorization failed|response from daemon: denied|insufficient_scope|403 forbidden/i,
    what: 'The registry does not serve {image}: it is private, or its name is misspelt.',
    todo: { all: ['Check the name. If it is private, log in: {client} login REGISTRY'] },
    lacks: false,
  },
  {
    code: 'bad-platform',
    when: /cannot parse platform|invalid platform|unknown operating system or architecture|is an invalid (?:os )?component/i,
    what: 'The engine does not know the architecture that is asked for.',
    todo: {
      all: ['Use a name such as amd64, arm64, arm, 386, ppc64le, s390x or riscv64: --arch NAME'],
    },
    lacks: false,
  },
  {
    code: 'bad-reference',
    when: /invalid reference format|invalid argument "[^"]*" for "-t, --tag"|invalid tag/i,
    what: 'That is not a valid name for an image.',
    todo: {
      all: ['Use lower case letters, digits and . _ - /, then a colon and a tag: my-image:1.0'],
    },
    lacks: false,
  },
  {
    code: 'image-missing',
    when: /no such image:? ?(\S*)|(\S+): image not known/i,
    what: 'The engine does not have the image {found|asked for}; it was removed, or an earlier step did not make it.',
    todo: {
      all: [
        'Repeat the command: what is missing is made again.',
        'See what is there: {client} images',
      ],
    },
    lacks: false,
  },
]
