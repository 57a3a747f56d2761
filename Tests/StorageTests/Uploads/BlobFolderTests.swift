import Foundation
import Storage
import Testing

struct BlobFolderTests {
    private let root = FileManager.default.temporaryDirectory
        .appending(path: "qinke-blobs-\(UUID().uuidString)", directoryHint: .isDirectory)

    private func withFolder(_ body: (BlobFolder) throws -> Void) throws {
        defer { try? FileManager.default.removeItem(at: root) }
        try body(try BlobFolder(root))
    }

    private func files() -> [String] {
        let found = FileManager.default.enumerator(
            at: root, includingPropertiesForKeys: [.isRegularFileKey])
        return (found?.allObjects as? [URL] ?? [])
            .filter {
                (try? $0.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
            }
            .map(\.lastPathComponent)
    }

    @Test
    func `Bytes are kept under their digest and equal bytes once`() throws {
        try withFolder { folder in
            let key = try folder.keep(Array("abc".utf8))
            // FIPS 180-4, the example for "abc".
            #expect(
                key.description
                    == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            #expect(try folder.keep(Array("abc".utf8)) == key)
            #expect(files() == [key.description])
            #expect(try folder.read(key, from: 0, count: 10) == Array("abc".utf8))
            #expect(try folder.read(key, from: 1, count: 1) == Array("b".utf8))
            #expect(try folder.read(key, from: 3, count: 1).isEmpty)
        }
    }

    @Test
    func `A file that comes in pieces is the same as one that comes whole`() throws {
        try withFolder { folder in
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let incoming = try folder.receive()
            for start in stride(from: 0, to: bytes.count, by: 1000) {
                try incoming.append(bytes[start..<min(start + 1000, bytes.count)])
            }
            #expect(incoming.size == bytes.count)
            #expect(incoming.head == Array(bytes.prefix(4096)))
            let pieces = try folder.keep(incoming)
            #expect(try folder.keep(bytes) == pieces)
        }
    }

    @Test
    func `What is thrown away leaves nothing behind`() throws {
        try withFolder { folder in
            let incoming = try folder.receive()
            try incoming.append(Array("half".utf8))
            #expect(files().count == 1)
            incoming.discard()
            #expect(files().isEmpty)
        }
    }

    @Test
    func `Only what was not kept anew lately is removed`() throws {
        try withFolder { folder in
            let key = try folder.keep([1, 2, 3])
            #expect(try !folder.remove(key, notKeptSince: Date(timeIntervalSinceNow: -60)))
            #expect(try folder.leftovers(notKeptSince: Date(timeIntervalSinceNow: -60)).isEmpty)
            #expect(try folder.leftovers(notKeptSince: Date(timeIntervalSinceNow: 60)) == [key])
            #expect(try folder.remove(key, notKeptSince: Date(timeIntervalSinceNow: 60)))
            #expect(throws: BlobMissing.self) { try folder.read(key, from: 0, count: 1) }
        }
    }

    @Test
    func `The remains of a broken upload go with the next sweep`() throws {
        try withFolder { folder in
            let incoming = try folder.receive()
            try incoming.append([1])
            _ = try folder.leftovers(notKeptSince: Date(timeIntervalSinceNow: -60))
            #expect(files().count == 1)
            _ = try folder.leftovers(notKeptSince: Date(timeIntervalSinceNow: 60))
            #expect(files().isEmpty)
        }
    }

    @Test(arguments: [
        "", "../../etc/passwd", String(repeating: "A", count: 64),
        String(repeating: "g", count: 64),
    ])
    func `A name that is no digest is no key`(text: String) {
        #expect(BlobKey(text) == nil)
    }
}
