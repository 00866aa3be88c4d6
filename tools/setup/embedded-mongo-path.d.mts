export function embeddedMongoPath(env: NodeJS.ProcessEnv): string
