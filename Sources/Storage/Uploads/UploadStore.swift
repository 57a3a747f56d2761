package import Desk
package import SQL

/// The rows about uploads; their bytes are in a ``BlobStore``.
package enum UploadStore {
    /// An upload with the names of its bytes.
    package struct Stored: Hashable, Sendable {
        package let upload: Upload
        package let blob: BlobKey
        package let thumbnail: BlobKey?

        package init(upload: Upload, blob: BlobKey, thumbnail: BlobKey?) {
            self.upload = upload
            self.blob = blob
            self.thumbnail = thumbnail
        }
    }

    package static func add(_ stored: Stored, to shop: ShopID, in transaction: Transaction) throws {
        let upload = stored.upload
        try transaction.run(
            """
            INSERT INTO upload (shop, id, uploader_kind, uploader_id, uploader_name, at, name, kind,
                size, width, height, blob, thumbnail, conversation)
            VALUES (\(shop), \(upload.id), \(upload.uploader.kind.rawValue), \(upload.uploader.id),
                \(upload.uploader.name), \(upload.at), \(upload.name), \(upload.kind.rawValue),
                \(upload.size), \(upload.width), \(upload.height), \(stored.blob.description),
                \(stored.thumbnail?.description), \(upload.conversation))
            """)
    }

    /// Nil when the shop has no such upload.
    package static func find(
        _ id: UploadID, of shop: ShopID, in transaction: Transaction
    ) throws -> Stored? {
        try transaction.first(
            """
            SELECT uploader_kind, uploader_id, uploader_name, at, name, kind, size, width, height,
                blob, thumbnail, conversation
            FROM upload WHERE shop = \(shop) AND id = \(id)
            """
        ).map { try decode($0, id) }
    }

    /// Says an upload in a conversation, inside the act that says it; a ``Converse/ClaimUpload``.
    /// - Throws: ``Refusal/uploadUnknown`` when `actor` may not.
    @Sendable
    package static func claim(
        _ id: UploadID, by actor: Actor, for conversation: ConversationID, in act: Act
    ) throws -> Attachment {
        guard let stored = try find(id, of: act.shop, in: act.transaction) else {
            throw Refusal.uploadUnknown
        }
        let claimed = try stored.upload.claimed(for: conversation, by: actor)
        try act.transaction.run(
            """
            UPDATE upload SET conversation = \(conversation)
            WHERE shop = \(act.shop) AND id = \(id)
            """)
        return claimed.attachment
    }

    /// Where an upload stands: every message that carries it, with its conversation.
    ///
    /// More than one after a merge, which copies messages.
    package static func places(
        of upload: Upload, for staff: StaffID?, in shop: ShopID, _ transaction: Transaction
    ) throws -> [UploadPlace] {
        var places: [UploadPlace] = []
        var next = upload.conversation
        // A chain of merges is short; the bound keeps a broken one from going round.
        for _ in 0..<8 {
            guard let id = next,
                let conversation = try ConversationStore.load(id, of: shop, in: transaction)
            else { break }
            // The attachment as `MessageRow.Extra` writes it; few messages have extras.
            let mark = "%\"upload\":\"\(upload.id)\"%"
            let rows = try transaction.rows(
                """
                SELECT audience, withdrawn FROM message
                WHERE conversation = \(id) AND extra LIKE \(mark)
                """)
            let answered =
                try staff.map {
                    try PastOwners.contains($0, id, transaction)
                        || Named.contains($0, id, in: shop, transaction)
                } ?? false
            for row in rows {
                places.append(
                    UploadPlace(
                        conversation: conversation,
                        audience: Message.Audience(rawValue: try row.get(0)) ?? .owner,
                        withdrawn: try row.get(1), answered: answered))
            }
            next = conversation.mergedInto
        }
        return places
    }

    /// What one person has sent lately.
    package static func quota(
        of actor: Actor, in shop: ShopID, at now: Instant, _ transaction: Transaction
    ) throws -> UploadQuota {
        let since = now - .hours(1)
        let row = try transaction.first(
            """
            SELECT count(CASE WHEN conversation IS NULL THEN 1 END),
                count(CASE WHEN at > \(since) THEN 1 END)
            FROM upload
            WHERE shop = \(shop) AND uploader_kind = \(actor.kind.rawValue)
                AND uploader_id = \(actor.id) AND at > \(now - .hours(24))
            """)
        return UploadQuota(unclaimed: try row?.get(0) ?? 0, lastHour: try row?.get(1) ?? 0)
    }

    /// Whether an upload is the picture of something that the shop sells.
    package static func showsItem(
        _ id: UploadID, of shop: ShopID, in transaction: Transaction
    ) throws -> Bool {
        try transaction.first(
            "SELECT 1 FROM item WHERE shop = \(shop) AND image = \(id.description) LIMIT 1") != nil
    }

    // MARK: Clearing up

    /// Removes the rows of uploads that were never said and show no item, oldest first.
    /// - Returns: the blobs that no row names any more, and how many rows went.
    package static func removeUnclaimed(
        before moment: Instant, limit: Int, in transaction: Transaction
    ) throws -> (rows: Int, blobs: [BlobKey]) {
        let rows = try transaction.rows(
            """
            SELECT shop, id, blob, thumbnail FROM upload u
            WHERE conversation IS NULL AND at < \(moment) AND NOT EXISTS (
                SELECT 1 FROM item i WHERE i.shop = u.shop AND i.image = CAST(u.id AS text))
            ORDER BY at LIMIT \(limit)
            """)
        var keys: Set<String> = []
        for row in rows {
            let shop: ShopID = try row.get(0)
            let id: UploadID = try row.get(1)
            try transaction.run("DELETE FROM upload WHERE shop = \(shop) AND id = \(id)")
            keys.insert(try row.get(2))
            if let thumbnail: String = try row.maybe(3) { keys.insert(thumbnail) }
        }
        return (rows.count, try unnamed(keys.compactMap { BlobKey($0) }, in: transaction))
    }

    /// Which of these blobs no row names.
    package static func unnamed(
        _ keys: [BlobKey], in transaction: Transaction
    ) throws -> [BlobKey] {
        try keys.filter { key in
            try transaction.first(
                """
                SELECT 1 FROM upload WHERE blob = \(key.description)
                UNION ALL SELECT 1 FROM upload WHERE thumbnail = \(key.description)
                UNION ALL SELECT 1 FROM import_batch WHERE blob = \(key.description) LIMIT 1
                """) == nil
        }
    }

    private static func decode(_ row: Row, _ id: UploadID) throws -> Stored {
        let blob: String = try row.get(9)
        let thumbnail = try row.maybe(10, as: String.self).flatMap { BlobKey($0) }
        guard let key = BlobKey(blob),
            let actor = Actor.Kind(rawValue: try row.get(0)),
            let kind = FileKind(rawValue: try row.get(5))
        else { throw SQLError.unexpected(column: 9, value: "upload \(id)") }
        return Stored(
            upload: Upload(
                id: id, uploader: Actor(kind: actor, id: try row.get(1), name: try row.get(2)),
                at: try row.get(3), name: try row.get(4), kind: kind, size: try row.get(6),
                width: try row.maybe(7), height: try row.maybe(8), hasThumbnail: thumbnail != nil,
                conversation: try row.maybe(11)),
            blob: key, thumbnail: thumbnail)
    }
}
