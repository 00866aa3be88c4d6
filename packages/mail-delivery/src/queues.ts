export { bytesOf } from './bytes-of.ts'
export { connectQueues, type MailQueues } from './connect-queues.ts'
export { listDead, type DeadMail } from './list-dead.ts'
export { replayDead } from './replay-dead.ts'
