/** Prints one line for what is under way, and its outcome behind it; rejects as `work` does. */
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
