package import Desk
package import Foundation
package import SQL
import SQLOnSQLite

/// A folder of backups, each in a folder that is named by its instant: `qinke-20261122T020000Z`.
package struct Shelf: Sendable {
    package let folder: URL
    package init(_ folder: URL) { self.folder = folder }

    /// Whole backups, the newest first; a backup is whole when it stands under its name.
    package func backups() -> [(at: Instant, backup: Backup)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.plainPath)) ?? []
        return names.compactMap { name in
            guard let at = Self.instant(of: name) else { return nil }
            let place = folder.appending(path: name, directoryHint: .isDirectory)
            guard
                FileManager.default.fileExists(
                    atPath: place.appending(path: "manifest.json").plainPath)
            else { return nil }
            return (at, Backup(folder: place))
        }.sorted { $0.at > $1.at }
    }

    package static func name(at instant: Instant) -> String {
        let date = Date(timeIntervalSince1970: Double(instant.milliseconds / 1000))
        let text = date.formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: false)
                .timeZone(separator: .omitted))
        return "qinke-"
            + text.replacing("-", with: "").replacing(":", with: "").replacing(" ", with: "T")
    }

    package static func instant(of name: String) -> Instant? {
        let form = /qinke-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/
        guard let found = name.wholeMatch(of: form)?.output else { return nil }
        let text = "\(found.1)-\(found.2)-\(found.3)T\(found.4):\(found.5):\(found.6)Z"
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        return Instant(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
    }

    /// Makes the next backup and removes what the retention does not keep.
    ///
    /// - Parameter size: bytes of the data without the uploads.
    /// - Returns: the backup and how many older ones were removed.
    package func add(
        of source: any Database, size: Int64, _ order: Backup.Order, keeping retention: Retention
    ) async throws -> (Backup.Manifest, removed: Int) {
        let earlier = backups().first?.backup
        let needed = try Self.needed(data: size, files: order.files, earlier: earlier)
        if let free = DiskSpace.free(at: folder.plainPath), free < needed {
            throw KeepingFailure(
                zh:
                    "备份要 \(needed >> 20) MiB，\(folder.plainPath) 只剩 \(free >> 20) MiB：请清理，或把 backupFolder 换到别的盘",
                en:
                    "a backup needs \(needed >> 20) MiB, \(folder.plainPath) has \(free >> 20) MiB: free some, or set backupFolder to another disk"
            )
        }
        var order = order
        order.earlier = earlier
        let place = folder.appending(
            path: Self.name(at: order.now), directoryHint: .isDirectory)
        let (_, manifest) = try await Backup.make(ofAny: source, at: place, order)
        let all = backups()
        let superfluous = retention.superfluous(all.map(\.at))
        for old in all where superfluous.contains(old.at) {
            try FileManager.default.removeItem(at: old.backup.folder)
        }
        return (manifest, superfluous.count)
    }

    /// Bytes that the next backup may take: the data, a tenth more while it is made, and uploads that are not on the shelf yet.
    private static func needed(data: Int64, files: URL?, earlier: Backup?) throws -> Int64 {
        let uploads = try files.map(FileTree.size) ?? 0
        let there = try earlier.map { try FileTree.size($0.files) } ?? 0
        return data + data / 10 + max(0, uploads - there) + (64 << 20)
    }
}
