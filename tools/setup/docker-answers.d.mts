/** Whether a Docker engine answers where testcontainers would look for one. */
export function dockerAnswers(env: NodeJS.ProcessEnv): Promise<boolean>
