/** Prints a line about the current step, followed by its outcome. Rejects as `work` does. */
export async function showStep(title, work) {
  const started = Date.now()
  process.stdout.write(`· ${title} … `)
  try {
    const result = await work()
    process.stdout.write(`done (${((Date.now() - started) / 1000).toFixed(1)} s)\n`)
    return result
  } catch (error) {
    process.stdout.write('failed\n')
    throw error
  }
}
