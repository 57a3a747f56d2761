import Foundation

/// The bytes of a file, read anywhere in any order.
///
/// All calls block.
package protocol ByteSource: Sendable {
    var size: Int { get }

    /// At most `count` bytes from `offset` on; empty at the end.
    func read(at offset: Int, count: Int) throws -> [UInt8]
}

extension ByteSource {
    /// Reads as much as was asked for, unless the file ends.
    func whole(at offset: Int, count: Int) throws -> [UInt8] {
        var bytes = try read(at: offset, count: count)
        while bytes.count < count {
            let more = try read(at: offset + bytes.count, count: count - bytes.count)
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }
}

/// Bytes in memory.
package struct MemorySource: ByteSource {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var size: Int { bytes.count }

    package func read(at offset: Int, count: Int) throws -> [UInt8] {
        guard offset >= 0, offset < bytes.count, count > 0 else { return [] }
        return Array(bytes[offset..<min(bytes.count, offset + count)])
    }
}

/// A file of this machine.
package struct FileSource: ByteSource {
    package let size: Int
    private let path: String

    package init(path: String) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        size = (attributes[.size] as? Int) ?? 0
        self.path = path
    }

    package func read(at offset: Int, count: Int) throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(max(0, offset)))
        return [UInt8](try handle.read(upToCount: count) ?? Data())
    }
}
