import type { KeptChild } from './keep-child.ts'

/** Receives progress, one line at a time. */
export type Log = (line: string) => void

/** What preparing a server may need, such as a build or a download. */
export type Preparation = {
  env: NodeJS.ProcessEnv
  log: Log
  signal?: AbortSignal | undefined
}

/** A server program on this machine, ready to be run. */
export type LocalServer = {
  /** Its name in the start-up message. */
  name: string
  /** The name of its data folder: different servers may not read each other's data. */
  dataFolder: string
  command(place: { dir: string; port: number }): readonly [string, ...string[]]
}

/** A part of a shared server. */
export type Share = {
  url: string
  /** Precedes the name of every queue. */
  queuePrefix?: string
}

/** One kind of server that the apps need. Each has a file, `<name>.service.ts`. */
export type Service = {
  /** Its name in messages. */
  label: string
  /** The environment variable that holds its address. */
  setting: string
  usualPort: number
  url(host: string, port: number): string
  /** Whether a server that speaks the protocol and lets us in answers there. */
  answers(host: string, port: number): Promise<boolean>
  /** Resolves when the server at this address lets us in. Rejects with the reason within 5 s. */
  reach(url: string): Promise<void>
  /** The part of a server for the installation `namespace`, the same each time. */
  share(url: string, namespace: string): Promise<Share>
  image: { name: string; port: number; dataFolder: string; command?: string[] }
  /** Throws an error that says what to install if no server can run here. */
  prepareLocalServer(preparation: Preparation): Promise<LocalServer>
}

/** A server that was found or started. */
export type RunningService = Share & {
  /** Where it comes from, for the start-up message. */
  how: string
  /** Never resolves. Rejects with the reason if it ends and does not come back. */
  failed?: Promise<never>
  stop: () => Promise<void>
}

/** A local server while it runs. */
export type RunningServer = { child: KeptChild; url: string; port: number }
