export function downloadMongod(env: NodeJS.ProcessEnv): Promise<string>
