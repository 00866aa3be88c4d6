import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Types } from 'mongoose'
import { createLogger } from 'service-kit'
import { startTcpProxy, type TcpProxy } from '../../../../tools/testing/tcp-proxy.ts'
import { testMongoUrl } from '../../../../tools/testing/test-services.ts'
import { connectMongo, type MongoConnection } from '../storage/connect-mongo.ts'
import { auditRecordModel, type AuditRecord, type AuditRecords } from './audit-record.model.ts'
import { queueRecords } from './queue-records.ts'

let mongo: MongoConnection
let network: TcpProxy
let records: AuditRecords
const log: string[] = []
const destination = { write: (line: string) => log.push(line) }
const logger = createLogger({ name: 'audit', level: 'info', pretty: false, destination })

beforeAll(async () => {
  const url = new URL(testMongoUrl())
  network = await startTcpProxy({ url: url.href })
  mongo = await connectMongo(`${network.url}${url.pathname}`)
  records = auditRecordModel(mongo)
  await records.createIndexes()
})
afterAll(async () => {
  await network.heal()
  await mongo.dropDatabase()
  await mongo.close()
  await network.stop()
})

function record(event: string): AuditRecord {
  const who = { actorId: null, actorName: null, subjectId: null, subjectName: null }
  const where = { address: null, network: null, userAgent: null }
  const what = { event, outcome: 'success', details: {} } as const
  return { _id: new Types.ObjectId(), at: new Date(), ...what, ...who, ...where }
}

describe('records of the audit log', () => {
  it('delay nothing while MongoDB is down, and are stored once when it is back', async () => {
    const queue = queueRecords({ records, logger })
    network.hold()
    const begun = Date.now()
    for (let count = 0; count < 1000; count += 1) queue.add(record('held'))
    expect(Date.now() - begun).toBeLessThan(200)
    await queue.settle()
    expect(Date.now() - begun).toBeLessThan(2500)
    await network.heal()
    for (let tries = 0; tries < 10 && (await stored('held')) < 1000; tries += 1)
      await queue.settle()
    expect(await stored('held')).toBe(1000)
  })

  it('beyond the capacity of the queue are only in the log, which says how many', async () => {
    const queue = queueRecords({ records, logger })
    network.cut()
    await network.refuse()
    for (let count = 0; count < 5010; count += 1) queue.add(record('many'))
    await network.heal()
    for (let tries = 0; tries < 10 && (await stored('many')) < 5000; tries += 1)
      await queue.settle()
    await queue.settle()
    expect(await stored('many')).toBe(5000)
    const lines = log.filter((line) => line.includes('audit records were lost'))
    expect(lines.map((line) => JSON.parse(line).lost)).toEqual([10])
  })
})

function stored(event: string): Promise<number> {
  return records.countDocuments({ event }).catch(() => 0)
}
