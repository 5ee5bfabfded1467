import path from 'node:path'
import { SqliteLedger } from '../../../runtime/ledger/sqlite.ts'
import { Database } from '../../../runtime/store/database.ts'
import { testDeliveries } from '../../contract/deliveries.ts'
import { testLedger } from '../../contract/ledger.ts'
import { newFolder } from '../../support/product.ts'

const open = async () => {
  const file = path.join(newFolder(), 'ledger.db')
  let database = new Database(file)
  return {
    ledger: new SqliteLedger(database),
    async reopen() {
      database.close()
      database = new Database(file)
      return new SqliteLedger(database)
    },
    close: async () => database.close(),
  }
}
testLedger(open)
testDeliveries(open)
