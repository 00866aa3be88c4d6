import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import mongoose from 'mongoose'
import { mongoService } from '../services/mongo.service.ts'
import { startOwnInstance, type OwnInstance } from '../services/own-instances.ts'
import { prepareEmbeddedMongo } from '../services/prepare-mongo.ts'
import { runLocalServer } from '../services/run-local-server.ts'

const log = (line: string) => void process.stderr.write(`${line}\n`)
const embedded = await prepareEmbeddedMongo({ env: process.env, log }).catch(() => undefined)
const describeIfBuilt = embedded === undefined ? describe.skip : describe
const duplicateKey = 11_000

describeIfBuilt('the embedded MongoDB', () => {
  let mongo: OwnInstance
  let connection: mongoose.Connection
  let dir: string

  beforeAll(async () => {
    if (embedded === undefined) throw new Error('not built')
    // Longer than the path of a Unix socket may be.
    dir = join(await mkdtemp(join(tmpdir(), 'embedded-')), 'deep'.repeat(40))
    const service = { ...mongoService, prepareLocalServer: async () => embedded }
    mongo = await startOwnInstance(service, { dir })
    connection = await open(mongo.url)
  })
  afterAll(async () => {
    await connection?.close()
    await mongo?.stop()
    await rm(join(dir, '..'), { recursive: true, force: true })
  })

  it('lets exactly one of 200 parallel compare-and-sets win', async () => {
    const invites = connection.collection('invites')
    for (let round = 0; round < 3; round++) {
      const invite = await invites.insertOne({ usedBy: null })
      const answers = await Promise.all(
        times(200, (user) =>
          invites.findOneAndUpdate(
            { _id: invite.insertedId, usedBy: null },
            { $set: { usedBy: user } },
          ),
        ),
      )
      expect(answers.filter((answer) => answer !== null)).toHaveLength(1)
    }
  })

  it('lets exactly one of 200 parallel updates win', async () => {
    const tokens = connection.collection('tokens')
    const token = await tokens.insertOne({ turn: 0 })
    const answers = await Promise.all(
      times(200, () => tokens.updateOne({ _id: token.insertedId, turn: 0 }, { $inc: { turn: 1 } })),
    )
    expect(answers.filter((answer) => answer.modifiedCount === 1)).toHaveLength(1)
    expect(await tokens.findOne({ _id: token.insertedId })).toMatchObject({ turn: 1 })
  })

  it('lets exactly one of 200 parallel inserts have a unique key', async () => {
    const users = connection.collection('users')
    await users.createIndex({ email: 1 }, { unique: true })
    const outcomes = await Promise.allSettled(
      times(200, (number) => users.insertOne({ email: 'one@example.org', number })),
    )
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    )
    expect(refusals).toHaveLength(199)
    expect(refusals.every((error) => error.code === duplicateKey)).toBe(true)
    expect(await users.countDocuments({ email: 'one@example.org' })).toBe(1)
  })

  it('finds the same documents whether or not SQLite can answer a filter', async () => {
    const things = connection.collection('things')
    await things.createIndex({ name: 1, at: -1, _id: -1 })
    await things.createIndex({ at: -1, _id: -1 })
    const day = (number: number) => new Date(Date.UTC(2026, 0, number))
    await things.insertMany([
      { name: 'a', at: day(1), tags: ['x', 'y'], parts: [{ due: day(1) }], odd: null },
      { name: 'b', at: day(2), tags: 'x', parts: [], odd: 5 },
      { name: ['a', 'c'], at: day(3), tags: [], parts: [{ due: null }], odd: 'a"<\u00e9' },
      { name: 'a"<\u00e9 b', at: day(4), parts: [{ due: day(9) }], odd: { deep: 'x' } },
    ])
    const filters: mongoose.mongo.Filter<mongoose.mongo.Document>[] = [
      { name: 'a' },
      { name: { $eq: 'a"<\u00e9 b' } },
      { name: { $in: ['a', 'b'] } },
      { name: { $gt: 'a' } },
      { name: { $regex: 'A', $options: 'i' } },
      { name: /b/ },
      { name: { $regex: String.raw`"<` } },
      { tags: 'x' },
      { odd: null },
      { odd: 5 },
      { at: { $gte: day(2), $lt: day(4) } },
      { at: { $lt: day(3) }, name: { $ne: 'b' } },
      { $or: [{ name: 'b' }, { at: day(1) }] },
      { $and: [{ tags: 'x' }, { $or: [{ name: 'a' }, { odd: 7 }] }] },
      { 'parts.due': { $lte: day(5) } },
      { 'parts.0': { $exists: true } },
      { 'parts.due': null },
      { 'odd.deep': 'x' },
      { 'tags.1': 'y' },
    ]
    for (const filter of filters) {
      // A double $nor reaches SQLite as no condition at all.
      const whole = { $nor: [{ $nor: [filter] }] }
      const expected = await things.find(whole).sort({ at: -1, _id: -1 }).toArray()
      expect([
        filter,
        await things.find(filter).sort({ at: -1, _id: -1 }).limit(3).toArray(),
      ]).toEqual([filter, expected.slice(0, 3)])
      expect(await things.countDocuments(filter)).toBe(expected.length)
    }
    expect(await things.countDocuments()).toBe(4)
  })

  it('accepts writes whose sender awaits no answer, in order with the others', async () => {
    const single = await open(mongo.url, 1)
    const notes = single.collection('notes')
    for (let note = 0; note < 50; note++)
      await notes.insertOne({ note }, { writeConcern: { w: 0 } })
    expect(await notes.countDocuments()).toBe(50)
    await single.close()
  })

  it('keeps serving others when a client dies in the middle of a write', async () => {
    await Promise.all(times(20, () => dieWhileWriting(mongo.port)))
    const began = Date.now()
    await connection.collection('others').insertOne({})
    expect(Date.now() - began).toBeLessThan(2000)
  })

  it('keeps every acknowledged write over kill -9 under load', async () => {
    const acknowledged: string[] = []
    for (let round = 0; round < 3; round++) {
      const writers = times(8, (writer) => writeUntilItFails(mongo.url, writer, acknowledged))
      await sleep(400 + Math.random() * 300)
      await mongo.kill('SIGKILL')
      await Promise.all(writers)
      await mongo.restart()
    }
    expect(acknowledged.length).toBeGreaterThan(100)
    const kept = new Set(await connection.collection('kept').distinct('name'))
    expect(acknowledged.filter((name) => !kept.has(name))).toEqual([])
  })

  it('refuses a data folder that is in use', async () => {
    if (embedded === undefined) throw new Error('not built')
    const second = runLocalServer({ service: mongoService, server: embedded, dir })
    await expect(second).rejects.toThrow('in use by another process')
  })

  it('exits within a second of SIGTERM with clients connected, and finds its data again', async () => {
    await connection.collection('again').insertOne({ here: true })
    const began = Date.now()
    await mongo.kill('SIGTERM')
    expect(Date.now() - began).toBeLessThan(1000)
    await mongo.restart()
    expect(await connection.collection('again').findOne({})).toMatchObject({ here: true })
  })
})

function open(url: string, maxPoolSize = 200): Promise<mongoose.Connection> {
  return mongoose
    .createConnection(`${url}/embedded`, { maxPoolSize, serverSelectionTimeoutMS: 5000 })
    .asPromise()
}

function times<Result>(count: number, make: (index: number) => Result): Result[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

async function writeUntilItFails(url: string, writer: number, acknowledged: string[]) {
  const own = await mongoose
    .createConnection(`${url}/embedded?retryWrites=false`, { serverSelectionTimeoutMS: 500 })
    .asPromise()
  try {
    for (let count = 0; ; count++) {
      const name = `${Date.now()}-${writer}-${count}`
      await own.collection('kept').insertOne({ name })
      acknowledged.push(name)
    }
  } catch {
    // Killed in the middle: this write may or may not be stored.
  } finally {
    await own.close(true)
  }
}

/** Sends an insert and hangs up before the answer. */
function dieWhileWriting(port: number): Promise<void> {
  const { BSON } = mongoose.mongo
  const insert = BSON.serialize({
    insert: 'others',
    documents: [{ by: 'a client that died' }],
    $db: 'embedded',
  })
  const head = Buffer.alloc(21)
  head.writeInt32LE(head.length + insert.length, 0)
  head.writeInt32LE(2013, 12)
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('close', () => resolve())
    socket.write(Buffer.concat([head, insert]), () => socket.resetAndDestroy())
  })
}
