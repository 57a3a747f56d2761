package import Desk
import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore
package import NIOPosix
import Realtime
import SQL
package import Storage

/// Pictures and files: sent as a raw body, given out to who may see the message that carries them.
package struct UploadRoutes: Sendable {
    /// Bytes that are written to disk and read from it at a time.
    private static let piece = 256 << 10
    /// How long a whole upload may take.
    private static let longest = Duration.seconds(300)

    private let carryOut: CarryOut
    private let blobs: any BlobStore
    private let images: any ImageCleaner
    private let policy: @Sendable (ShopID) async throws -> PolicySet
    private let limits: UploadLimits
    private let threads: NIOThreadPool

    /// - Parameters:
    ///   - limits: narrowed by each shop's own policy.
    ///   - threads: where files are written and read, off the cooperative pool.
    package init(
        carryOut: CarryOut, blobs: any BlobStore, images: any ImageCleaner,
        limits: UploadLimits = UploadLimits(), threads: NIOThreadPool = .singleton,
        policy: @escaping @Sendable (ShopID) async throws -> PolicySet
    ) {
        self.carryOut = carryOut
        self.blobs = blobs
        self.images = images
        self.policy = policy
        self.limits = limits
        self.threads = threads
    }

    package var routes: [Route] {
        [
            .either(.post, "/v1/uploads", .conversationAnswer) { request, _, caller in
                try await take(request, from: caller)
            },
            .either(.get, "/v1/uploads/{id}", .uploadRead) { request, visit, caller in
                try await give(request, visit, to: caller, thumbnail: false)
            },
            .either(.get, "/v1/uploads/{id}/thumbnail", .uploadRead) { request, visit, caller in
                try await give(request, visit, to: caller, thumbnail: true)
            },
        ]
    }

    // MARK: Taking in

    private struct Taken: Encodable {
        let upload: UploadID
        let name: String
        let type: String
        let size: Int
        let width: Int?
        let height: Int?
    }

    private func take(_ request: Request, from caller: Principal) async throws -> Response {
        let policy = try await policy(caller.shop)
        let limits = limits.within(bytes: policy.uploadSize, pixels: policy.uploadPixels)
        if let told = request.headers[.contentLength].flatMap({ Int($0) }), told > limits.largest {
            throw Refusal.uploadTooLarge(limit: limits.largest)
        }
        let perHour: Int? = if case .buyer = caller { policy.uploadsPerHour } else { nil }
        let (shop, actor, now) = (caller.shop, caller.actor, carryOut.clock())
        // Asked before the bytes come, and again when the row is written.
        let quota = try await carryOut.database.read {
            try UploadStore.quota(of: actor, in: shop, at: now, $0)
        }
        try quota.admitOneMore(limits: limits, perHour: perHour)

        let incoming = try await off { try blobs.receive() }
        let kept: Kept
        do {
            try await receive(request.body, into: incoming, limits)
            kept = try await keep(incoming, named: request.uploadName, limits)
        } catch {
            incoming.discard()
            throw error
        }
        let stored = try await carryOut(in: shop, as: actor) { act in
            try UploadStore.quota(of: actor, in: shop, at: act.at, act.transaction)
                .admitOneMore(limits: limits, perHour: perHour)
            let upload = Upload(
                id: act.newID(), uploader: actor, at: act.at, name: kept.name, kind: kept.kind,
                size: kept.size, width: kept.width, height: kept.height,
                hasThumbnail: kept.thumbnail != nil)
            let stored = UploadStore.Stored(
                upload: upload, blob: kept.blob, thumbnail: kept.thumbnail)
            try UploadStore.add(stored, to: shop, in: act.transaction)
            return upload
        }
        return try .json(
            Taken(
                upload: stored.id, name: stored.name, type: stored.kind.mediaType,
                size: stored.size, width: stored.width, height: stored.height))
    }

    private func receive(
        _ body: RequestBody, into incoming: IncomingBlob, _ limits: UploadLimits
    ) async throws {
        let clock = ContinuousClock()
        let end = clock.now + Self.longest
        var waiting = ByteBuffer()
        for try await part in body {
            waiting.writeImmutableBuffer(part)
            if incoming.size + waiting.readableBytes > limits.largest {
                throw Refusal.uploadTooLarge(limit: limits.largest)
            }
            if clock.now > end { throw Refusal.uploadSlow }
            if waiting.readableBytes >= Self.piece {
                let bytes = waiting
                try await off { try incoming.append(bytes.readableBytesView) }
                waiting = ByteBuffer()
                // What is refused by its first bytes need not come in whole.
                try admit(incoming, name: "", limits)
            }
        }
        let bytes = waiting
        try await off { try incoming.append(bytes.readableBytesView) }
    }

    @discardableResult
    private func admit(
        _ incoming: IncomingBlob, name: String, _ limits: UploadLimits
    ) throws(Refusal) -> FileKind {
        let kind = FileKind(head: incoming.head, name: name)
        try kind.admit(size: incoming.size, limits: limits)
        return kind
    }

    /// An upload whose bytes are on the disk.
    private struct Kept {
        let name: String
        let kind: FileKind
        let size: Int
        var width: Int?
        var height: Int?
        let blob: BlobKey
        var thumbnail: BlobKey?
    }

    private func keep(
        _ incoming: IncomingBlob, named name: String, _ limits: UploadLimits
    ) async throws -> Kept {
        if incoming.size == 0 { throw Refusal.uploadEmpty }
        let kind = try admit(incoming, name: name, limits)
        guard kind.isImage else {
            let blob = try await off { try blobs.keep(incoming) }
            return Kept(
                name: FileName.clean(name, kind: kind), kind: kind, size: incoming.size, blob: blob)
        }
        let image = try await images.clean(incoming.file, limits: limits)
        let (blob, thumbnail) = try await off {
            incoming.discard()
            let small = image.thumbnail.isEmpty ? nil : try blobs.keep(image.thumbnail)
            return (try blobs.keep(image.bytes), small)
        }
        return Kept(
            name: FileName.clean(name, kind: image.kind), kind: image.kind,
            size: image.bytes.count, width: image.width, height: image.height, blob: blob,
            thumbnail: thumbnail)
    }

    // MARK: Giving out

    private func give(
        _ request: Request, _ visit: Visit, to caller: Principal, thumbnail: Bool
    ) async throws -> Response {
        guard let id = visit.parameters.get("id").flatMap({ UploadID($0) }) else {
            throw Refusal.uploadUnknown
        }
        let stored = try await carryOut.database.read { transaction -> UploadStore.Stored? in
            guard let stored = try UploadStore.find(id, of: caller.shop, in: transaction) else {
                return nil
            }
            let places = try UploadStore.places(
                of: stored.upload, for: caller.participant.staff, in: caller.shop, transaction)
            let open = stored.upload.isOpen(
                to: caller.participant, groups: caller.groups, places: places)
            if open { return stored }
            // What the shop sells may be looked at by everybody in it.
            return try UploadStore.showsItem(id, of: caller.shop, in: transaction) ? stored : nil
        }
        guard let stored else { throw Refusal.uploadUnknown }
        let small = thumbnail ? stored.thumbnail : nil
        // Animations without a thumbnail are shown themselves; files have none.
        guard !thumbnail || stored.upload.kind.isImage else { throw Refusal.uploadUnknown }
        return try await answer(request, stored, small)
    }

    private func answer(
        _ request: Request, _ stored: UploadStore.Stored, _ small: BlobKey?
    ) async throws -> Response {
        let upload = stored.upload
        let key = small ?? stored.blob
        let tag = "\"\(key.description.prefix(32))\""
        var headers: HTTPFields = [
            .eTag: tag,
            // Kept by the reader's browser, but asked about each time: a right may end.
            .cacheControl: "private, no-cache",
            .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'; sandbox",
        ]
        if (request.headers[.ifNoneMatch] ?? "").contains(tag) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = small == nil ? upload.kind.mediaType : FileKind.jpeg.mediaType
        headers[.contentDisposition] = FileName.disposition(
            upload.name, inline: upload.kind.isImage)
        // Read before the head is sent, so that missing bytes are still an error.
        let blobs = blobs
        let first = try await off { try blobs.read(key, from: 0, count: Self.piece) }
        guard first.count == Self.piece else {
            return Response(
                status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: first)))
        }
        let length = small == nil ? upload.size : nil
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(contentLength: length) { writer in
                var offset = first.count
                try await writer.write(ByteBuffer(bytes: first))
                while true {
                    let place = offset
                    let next = try await off {
                        try blobs.read(key, from: place, count: Self.piece)
                    }
                    if next.isEmpty { break }
                    try await writer.write(ByteBuffer(bytes: next))
                    offset += next.count
                }
                try await writer.finish(nil)
            })
    }

    private func off<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await threads.runIfActive(body)
    }
}

extension Request {
    /// `?name=`; a percent that is none stays as it is.
    fileprivate var uploadName: String {
        uri.queryParameters["name"].map(String.init) ?? ""
    }
}
