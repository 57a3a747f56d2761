import Desk
import Foundation
import SQL
import Storage
import TestSupport
import Testing

struct UploadStoreTests {
    private let buyer = Actor.buyer(BuyerID(5), "张三")
    private let conversation = ConversationID(77)

    private func upload(
        _ id: Int64, by actor: Actor, at: Instant, blob: Character = "a",
        thumbnail: Character? = nil
    ) throws -> UploadStore.Stored {
        let upload = Upload(
            id: UploadID(id), uploader: actor, at: at, name: "图.png", kind: .png, size: 12,
            width: 3,
            height: 4, hasThumbnail: thumbnail != nil)
        let blob = try #require(BlobKey(String(repeating: blob, count: 64)))
        return UploadStore.Stored(
            upload: upload, blob: blob,
            thumbnail: thumbnail.flatMap { BlobKey(String(repeating: $0, count: 64)) })
    }

    @Test(arguments: Engine.allCases)
    func `An upload comes back as it went in, and only in its own shop`(_ engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        let stored = try upload(9, by: buyer, at: store.clock.now, thumbnail: "b")
        let shop = store.shop
        try await store.database.write { try UploadStore.add(stored, to: shop, in: $0) }
        let found = try await store.database.read {
            try UploadStore.find(UploadID(9), of: shop, in: $0)
        }
        #expect(found == stored)
        let elsewhere = try await store.database.read {
            try UploadStore.find(UploadID(9), of: ShopID(2), in: $0)
        }
        #expect(elsewhere == nil)
    }

    @Test(arguments: Engine.allCases)
    func `Only who sent it may say it, and in one conversation`(_ engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let stored = try upload(9, by: buyer, at: store.clock.now)
        let (shop, buyer, conversation) = (store.shop, buyer, conversation)
        try await store.database.write { try UploadStore.add(stored, to: shop, in: $0) }
        @Sendable func claim(_ actor: Actor, _ conversation: ConversationID) async throws {
            let attachment = try await store.carryOut(in: shop, as: actor) { act in
                try UploadStore.claim(UploadID(9), by: actor, for: conversation, in: act)
            }
            #expect(attachment == stored.upload.attachment)
        }
        await #expect(throws: Refusal.uploadUnknown) {
            try await claim(.buyer(BuyerID(6), "李四"), conversation)
        }
        await #expect(throws: Refusal.uploadUnknown) {
            try await claim(.agent(StaffID(5), "小橙"), conversation)
        }
        try await claim(buyer, conversation)
        try await claim(buyer, conversation)
        await #expect(throws: Refusal.uploadUnknown) { try await claim(buyer, ConversationID(78)) }
    }

    @Test(arguments: Engine.allCases)
    func `What was not said within a day goes, with bytes that nobody else names`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store().withShop()
        let folder = try BlobFolder(store.folder.appending(path: "blobs"))
        let shared = try folder.keep(Array("shared".utf8))
        let lonely = try folder.keep(Array("lonely".utf8))
        let orphan = try folder.keep(Array("orphan".utf8))
        let (shop, buyer, at, conversation) = (store.shop, buyer, store.clock.now, conversation)
        try await store.database.write { transaction in
            for (id, blob) in [(1, shared), (2, shared), (3, lonely)] as [(Int64, BlobKey)] {
                let upload = Upload(
                    id: UploadID(id), uploader: buyer, at: at, name: "a.txt", kind: .text, size: 6,
                    width: nil, height: nil, hasThumbnail: false)
                let stored = UploadStore.Stored(upload: upload, blob: blob, thumbnail: nil)
                try UploadStore.add(stored, to: shop, in: transaction)
            }
        }
        _ = try await store.carryOut(in: shop, as: buyer) { act in
            try UploadStore.claim(UploadID(1), by: buyer, for: conversation, in: act)
        }
        let cleaner = UploadCleaner(database: store.database, blobs: folder)
        #expect(try await cleaner.clean(at: at + .hours(23)) { try $0() } == .init())
        // Files carry the machine's time, so the test's later clock must lie beyond it.
        let later =
            Instant(milliseconds: max(at.milliseconds, Int64(Date().timeIntervalSince1970 * 1000)))
            + .hours(25)
        var tally = UploadCleaner.Tally()
        tally.uploads = 2
        tally.blobs = 1
        #expect(try await cleaner.clean(at: later) { try $0() } == tally)
        #expect(try folder.read(shared, from: 0, count: 6) == Array("shared".utf8))
        #expect(throws: BlobMissing.self) { try folder.read(lonely, from: 0, count: 6) }
        #expect(try await cleaner.sweep(at: later) { try $0() } == 1)
        #expect(throws: BlobMissing.self) { try folder.read(orphan, from: 0, count: 6) }
        #expect(try folder.read(shared, from: 0, count: 6) == Array("shared".utf8))
    }

    @Test(arguments: Engine.allCases)
    func `What one person sent lately is counted`(_ engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let (shop, buyer, now) = (store.shop, buyer, store.clock.now)
        let uploads = try [
            upload(1, by: buyer, at: now - .minutes(90)),
            upload(2, by: buyer, at: now - .minutes(5)),
            upload(3, by: .buyer(BuyerID(6), "李四"), at: now),
        ]
        let conversation = conversation
        let quota = try await store.carryOut(in: shop, as: buyer) { act in
            for upload in uploads { try UploadStore.add(upload, to: shop, in: act.transaction) }
            _ = try UploadStore.claim(UploadID(2), by: buyer, for: conversation, in: act)
            return try UploadStore.quota(of: buyer, in: shop, at: now, act.transaction)
        }
        #expect(quota == UploadQuota(unclaimed: 1, lastHour: 1))
    }
}
