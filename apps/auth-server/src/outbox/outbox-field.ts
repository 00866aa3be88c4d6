import { Schema } from 'mongoose'
import type { OutboxEntry } from './mail-entry.ts'

const moment = { type: Date, default: null }

/** The field that makes any document an owner of mails to be sent. */
export const outboxField = {
  type: [
    new Schema<OutboxEntry>(
      {
        id: { type: String, required: true },
        kind: { type: String, required: true },
        to: { type: String, required: true },
        locale: { type: String, required: true },
        at: { type: Date, required: true },
        data: { type: Schema.Types.Mixed, required: true },
        dueAt: moment,
        attempts: { type: Number, required: true },
        failedAt: moment,
        reason: { type: String, default: null },
      },
      { _id: false, id: false, strict: 'throw', minimize: false },
    ),
  ],
  default: [],
}
