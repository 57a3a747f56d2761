import Desk
import Foundation
import Logging
import Realtime
import SQL
import Storage
import TestSupport
import Testing

struct UploadKeeperTests {
    @Test(arguments: Engine.allCases)
    func `A round removes what nobody said, a sweep what nobody names`(_ engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        let folder = try BlobFolder(store.folder.appending(path: "blobs"))
        let unsaid = try folder.keep(Array("unsaid".utf8))
        let orphan = try folder.keep(Array("orphan".utf8))
        let (shop, at) = (store.shop, store.clock.now)
        try await store.carryOut(in: shop, as: .buyer(BuyerID(5), "张三")) { act in
            let upload = Upload(
                id: act.newID(), uploader: act.actor, at: at, name: "a.txt", kind: .text, size: 6,
                width: nil, height: nil, hasThumbnail: false)
            try UploadStore.add(
                .init(upload: upload, blob: unsaid, thumbnail: nil), to: shop, in: act.transaction)
        }
        // Files carry the machine's time; a clock a year ahead lies beyond it in any case.
        store.clock.advance(.days(365))
        let keeper = UploadKeeper(
            UploadCleaner(database: store.database, blobs: folder), clock: { store.clock.now },
            logger: Logger(label: "test"))
        await keeper.round(sweep: false)
        #expect(throws: BlobMissing.self) { try folder.read(unsaid, from: 0, count: 1) }
        #expect(try folder.read(orphan, from: 0, count: 6) == Array("orphan".utf8))
        await keeper.round(sweep: true)
        #expect(throws: BlobMissing.self) { try folder.read(orphan, from: 0, count: 1) }
        #expect(!keeper.isUnhealthy)
    }
}
