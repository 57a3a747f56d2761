import Desk
import Foundation
import NIOCore
import Web

/// The demonstration's files: those in the folder `Demo` where the command is run, else those built into the program.
enum DemoFiles {
    static func text(_ name: String) throws -> String {
        if let found = try? String(contentsOfFile: "Demo/\(name)", encoding: .utf8) { return found }
        guard let file = EmbeddedDemo.files.first(where: { $0.path == "Demo/\(name)" }) else {
            throw House.Failure(
                message: Localized(
                    zh: "程序里没有演示文件 \(name)", en: "the program holds no demo file \(name)"))
        }
        return String(buffer: file.bytes)
    }
}
