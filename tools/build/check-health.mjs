// Docker's health check in each image: exits with 0 if the server answers.
const { PORT, BASE_PATH = '' } = process.env
const path = `/${BASE_PATH}/healthz`.replace(/\/+/g, '/')

const answer = await fetch(`http://127.0.0.1:${PORT}${path}`)
process.exitCode = answer.ok ? 0 : 1
