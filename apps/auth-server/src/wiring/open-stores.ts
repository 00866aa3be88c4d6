import type { Connection } from 'mongoose'
import { clientModel, type Clients } from '../oauth/clients/client.model.ts'
import { type Families, familyModel } from '../oauth/families/family.model.ts'
import { type SignIns, signInModel } from '../sessions/sign-in.model.ts'
import { ensureTokenIndexes } from './ensure-indexes.ts'

/** Clients, and what they were given. */
export type TokenStores = { clients: Clients; families: Families; signIns: SignIns }

/** Those of one database, with their indexes. @throws Error naming the index that is missing */
export async function openTokenStores(connection: Connection): Promise<TokenStores> {
  const stores = {
    clients: clientModel(connection),
    families: familyModel(connection),
    signIns: signInModel(connection),
  }
  await ensureTokenIndexes(stores)
  return stores
}
