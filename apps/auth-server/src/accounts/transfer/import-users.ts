import { createHash } from 'node:crypto'
import { mongo, Types } from 'mongoose'
import { Problem, validate } from 'service-kit'
import { findUserByLogin } from '../../users/find-user.ts'
import { isDuplicate } from '../../storage/is-duplicate.ts'
import { normalizeIdentity } from '../../users/normalize-identity.ts'
import type { Users } from '../../users/user.model.ts'
import { previewImport, type ImportPreview, emptyPreview } from './preview-import.ts'
import { type UserLine, userLine } from './user-line.ts'

/** The progress of an import. */
export type Progress = { lines: number; imported: number; skipped: number; failed: number }

/** A line that was not imported, and why. */
export type LineProblem = { line: number; reason: string }

type Options = {
  dryRun: boolean
  onProgress: (progress: Progress) => void
  onProblem: (problem: LineProblem) => void
}

type Candidate = ReturnType<typeof candidateOf> & { line: number }

const AT_ONCE = 500

/**
 * Imports users from a file with one line of JSON for each, in batches, so that the file may have any
 * length. Existing users with the same name and address are skipped, so that an interrupted import
 * can be repeated with the same file. A bad line is reported and does not stop the others.
 */
export async function importUsers(
  users: Users,
  lines: AsyncIterable<string>,
  { dryRun, onProgress, onProblem }: Options,
): Promise<Progress> {
  const progress = { lines: 0, imported: 0, skipped: 0, failed: 0 }
  const preview = emptyPreview()
  let batch: Candidate[] = []

  function refuse(problem: LineProblem): void {
    progress.failed += 1
    onProblem(problem)
  }
  async function finishBatch(): Promise<void> {
    const clashing = dryRun
      ? await previewImport(users, preview, batch)
      : await insert(users, batch)
    progress.imported += batch.length - clashing.length
    const reasons = await Promise.all(
      clashing.map((candidate) => clashOf(users, preview, candidate)),
    )
    clashing.forEach(({ line }, at) => {
      const reason = reasons[at]
      if (reason === undefined) progress.skipped += 1
      else refuse({ line, reason })
    })
    batch = []
    onProgress(progress)
  }

  for await (const text of lines) {
    progress.lines += 1
    // Some editors put a byte order mark in front of a file.
    const line = progress.lines === 1 ? text.replace(/^\uFEFF/, '') : text
    if (line.trim() === '') continue
    const parsed = parseLine(line)
    if (typeof parsed === 'string') refuse({ line: progress.lines, reason: parsed })
    else batch.push({ ...candidateOf(parsed), line: progress.lines })
    if (batch.length === AT_ONCE) await finishBatch()
  }
  await finishBatch()
  return progress
}

/** The user of a line, or what is wrong with it. */
function parseLine(text: string): UserLine | string {
  try {
    return validate(userLine, JSON.parse(text))
  } catch (error) {
    if (!(error instanceof Problem)) return 'This is not JSON.'
    return error.fields.map(({ field, message }) => `${field}: ${message}`).join(' ')
  }
}

function candidateOf({ createdAt = new Date(), ...user }: UserLine) {
  const usernameKey = normalizeIdentity(user.username)
  const emailKey = normalizeIdentity(user.email)
  const id = idOf(usernameKey, emailKey)
  const invite = `none:${id.toHexString()}`
  return { ...user, usernameKey, emailKey, createdAt, id, invite }
}

/** The same id for the same line, so that an imported user is found again whatever has changed. */
function idOf(usernameKey: string, emailKey: string): Types.ObjectId {
  const digest = createHash('sha256').update(`${usernameKey}\n${emailKey}`).digest('hex')
  return new Types.ObjectId(digest.slice(0, 24))
}

/** Stores a batch; returns those that clash with an existing user. */
async function insert(users: Users, batch: Candidate[]): Promise<Candidate[]> {
  const records = batch.map(({ line: _line, id, ...record }) => ({ ...record, _id: id }))
  try {
    await users.insertMany(records, { ordered: false })
    return []
  } catch (error) {
    if (!(error instanceof mongo.MongoBulkWriteError) || !isDuplicate(error)) throw error
    const refused = new Set([error.writeErrors].flat().map(({ index }) => index))
    return batch.filter((_, index) => refused.has(index))
  }
}

/** What a candidate clashes with; undefined if the existing user is the same one. */
async function clashOf(
  users: Users,
  preview: ImportPreview,
  { id, usernameKey, emailKey }: Candidate,
): Promise<string | undefined> {
  // Without `$eq`, for which the embedded MongoDB would scan the whole collection.
  if (preview.ids.has(id.toHexString()) || (await users.exists({ _id: id }))) return undefined
  const ownerOf = async (key: string) =>
    (await findUserByLogin(users, key))?.id ?? preview.owners.get(key)
  const [byName, byEmail] = [await ownerOf(usernameKey), await ownerOf(emailKey)]
  if (byName === undefined) return 'email: Another account has this address.'
  if (byEmail === undefined) return 'username: Another account has this name.'
  if (byName === byEmail) return undefined
  return 'username, email: Two other accounts have this name and this address.'
}
