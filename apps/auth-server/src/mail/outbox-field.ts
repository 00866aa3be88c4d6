import { Schema } from 'mongoose'
import {
  optionalDate,
  optionalText,
  requiredDate,
  requiredNumber,
  requiredText,
} from '../storage/schema-options.ts'
import type { OutboxEntry } from './mail-entry.ts'

/** The schema field that holds the e-mails of a document. */
export const outboxField = {
  type: [
    new Schema<OutboxEntry>(
      {
        id: requiredText,
        kind: requiredText,
        to: requiredText,
        locale: requiredText,
        at: requiredDate,
        data: { type: Schema.Types.Mixed, required: true },
        dueAt: optionalDate,
        attempts: requiredNumber,
        failedAt: optionalDate,
        reason: optionalText,
      },
      { _id: false, id: false, strict: 'throw', minimize: false },
    ),
  ],
  default: [],
}
