/** Fields as schemas declare them. An optional one is null where there is nothing. */
export const requiredText = { type: String, required: true }
export const optionalText = { type: String, default: null }
export const requiredDate = { type: Date, required: true }
export const optionalDate = { type: Date, default: null }
export const requiredNumber = { type: Number, required: true }
