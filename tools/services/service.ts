import type { KeptChild } from './keep-child.ts'

/** Where progress goes, one line at a time. */
export type Log = (line: string) => void

/** What preparing a server here may take: a build, a download. */
export type Preparation = {
  env: NodeJS.ProcessEnv
  log: Log
  signal?: AbortSignal | undefined
}

/** A server program on this machine, ready to be run. */
export type LocalServer = {
  /** As the start-up message names it. */
  name: string
  /** A name for its data's folder: what one server wrote, another may not be able to read. */
  dataFolder: string
  command(place: { dir: string; port: number }): readonly [string, ...string[]]
}

/** A part of a server that others use, too. */
export type Share = {
  url: string
  /** In front of every queue's name. */
  queuePrefix?: string
}

/** One kind of server that the apps need; each has one file, `<name>.service.ts`. */
export type Service = {
  /** As messages name it. */
  label: string
  /** The environment variable that holds its address. */
  setting: string
  usualPort: number
  url(host: string, port: number): string
  /** Whether a server that speaks the protocol, and lets us in, answers there. */
  answers(host: string, port: number): Promise<boolean>
  /** Resolves once the server at this address lets us in; rejects with the reason within 5 s. */
  reach(url: string): Promise<void>
  /** The part of a server for the installation that `namespace` names: the same part each time. */
  share(url: string, namespace: string): Promise<Share>
  image: { name: string; port: number; dataFolder: string; command?: string[] }
  /** Throws an error that says what to install when there is no way to run one here. */
  prepareLocalServer(preparation: Preparation): Promise<LocalServer>
}

/** A server found or started. */
export type RunningService = Share & {
  /** Where it comes from, in words for the start-up message. */
  how: string
  /** Rejects with the reason when it ends and does not come back; never resolves. */
  failed?: Promise<never>
  stop: () => Promise<void>
}

/** A local server while it runs. */
export type RunningServer = { child: KeptChild; url: string; port: number }
