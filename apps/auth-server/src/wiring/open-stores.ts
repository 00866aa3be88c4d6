import type { Connection } from 'mongoose'
import { clientModel, type Clients } from '../oauth/clients/client.model.ts'
import { type Families, familyModel } from '../oauth/families/family.model.ts'
import { type FactorStore, factorsModel } from '../sign-in/factors/factors.model.ts'
import { type SignIns, signInModel } from '../sessions/sign-in.model.ts'
import { ensureTokenIndexes } from './ensure-indexes.ts'

/** Clients, what they were given, and the second factors of users, who may be a user service's. */
export type TokenStores = {
  clients: Clients
  families: Families
  signIns: SignIns
  factors: FactorStore
}

/** Those of one database, with their indexes. @throws Error naming the index that is missing */
export async function openTokenStores(connection: Connection): Promise<TokenStores> {
  const stores = {
    clients: clientModel(connection),
    families: familyModel(connection),
    signIns: signInModel(connection),
    factors: factorsModel(connection),
  }
  await ensureTokenIndexes(stores)
  return stores
}
