import type { Connection } from 'mongoose'
import { clientModel, type Clients } from '../oauth/clients/client.model.ts'
import { type Families, familyModel } from '../oauth/families/family.model.ts'
import { type FactorStore, factorsModel } from '../sign-in/factors/factors.model.ts'
import { type SignIns, signInModel } from '../sessions/sign-in.model.ts'
import { ensureTokenIndexes } from './ensure-indexes.ts'

/** The collections for tokens, and the second factors of all users, those of a user service included. */
export type TokenStores = {
  clients: Clients
  families: Families
  signIns: SignIns
  factors: FactorStore
}

/** Opens these collections of a database and creates their indexes. @throws Error naming the missing index */
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
