// In each image, for Docker's health check: ends with 0 when the server beside it answers.
const { PORT, BASE_PATH = '' } = process.env
const path = `/${BASE_PATH}/healthz`.replace(/\/+/g, '/')

const answer = await fetch(`http://127.0.0.1:${PORT}${path}`)
process.exitCode = answer.ok ? 0 : 1
