/** What is used of `docker version --format '{{json .}}'`. Every field may be missing. */
export interface DockerVersion {
  readonly Client?: {
    readonly Version?: string
    /** The API version that the client speaks with this engine. */
    readonly ApiVersion?: string
    /** Podman's spelling. */
    readonly APIVersion?: string
  }
  readonly Server?: {
    readonly Version?: string
    readonly ApiVersion?: string
    readonly Os?: string
    readonly Arch?: string
    readonly Components?: readonly { readonly Name?: string }[]
  } | null
}

/** What is used of `docker info --format '{{json .}}'`. Every field may be missing. */
export interface DockerInfo {
  readonly OSType?: string
  readonly Architecture?: string
  readonly SecurityOptions?: readonly string[] | null
  readonly DriverStatus?: readonly (readonly string[])[] | null
  readonly ServerErrors?: readonly string[] | null
}

/** What is used of `podman info --format json`. Every field may be missing. */
export interface PodmanInfo {
  readonly host?: {
    readonly arch?: string
    readonly os?: string
    readonly security?: { readonly rootless?: boolean }
    /** True when the client reaches a service, be it over ssh or a socket. */
    readonly serviceIsRemote?: boolean
  }
  /** Of the engine, which for a local client is the client itself. */
  readonly version?: { readonly Version?: string; readonly APIVersion?: string }
}

/** The JSON value that a client printed, or null when it printed none; its shape is the caller's claim. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export const parseJson = <Shape>(text: string): Shape | null => {
  try {
    return JSON.parse(text) as Shape
  } catch {
    return null
  }
}
