import ArgumentParser
import Desk
import Foundation
import Glibc
import Keeping
import SQL
import Storage

struct UploadsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uploads",
        abstract:
            "把一个店的图片和文件从文件夹换到数据库，或换回来（服务可以不停） · Change where a store keeps its uploads; the server may run.",
        discussion: "qinke uploads database --data var/qinke.sqlite")

    @Argument(help: "以后存在哪里：folder 或 database · Where they shall be: folder or database")
    var place: UploadHome.Kind
    @Flag(help: "核对之后从原来的地方删掉 · Remove them from where they were, once they are compared")
    var remove = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        umask(0o077)
        let settings = try flags.settings()
        let database = try Engine.openExisting(settings)
        defer { try? database.close() }
        guard try await UploadHome.mayHold(database) else {
            throw KeepingFailure(
                zh: "数据的结构比较旧：请先用这个版本启动一次（会自动备份、升级）",
                en:
                    "the data's structure is too old: start this version on it once (it backs up and upgrades)"
            )
        }
        let incoming = UploadHome.scratch()
        defer { try? FileManager.default.removeItem(at: incoming) }
        let folder = URL(filePath: settings.files, directoryHint: .isDirectory)
        let table = try UploadHome.database(database, incoming: incoming)
        var carriage =
            switch place {
            case .database: UploadCarriage(from: [.folder(reading: folder)], to: table)
            case .folder: UploadCarriage(from: [table], to: try .folder(folder))
            }
        // What is in neither place was lost before; it is told, and need not be carried.
        carriage.leavesOutMissing = true
        let teller = MoveTeller()
        let tally = try await carriage.run(of: database) { teller.tell($0, bytes: $1) }
        tally.tell()
        if remove {
            let removed = try await carriage.clear(of: database)
            Say.line(
                zh: "已从原来的地方删掉 \(removed) 个", en: "Removed \(removed) from where they were")
        }
        Say.line(
            zh: "服务要用 --uploads \(place.rawValue) 启动，新的才会存在那里；两边的都找得到",
            en:
                "Start the server with --uploads \(place.rawValue), so that new ones are kept there; it finds those in either place"
        )
    }
}
