import Desk
import Foundation
import Keeping
import Realtime
import SQL
import SQLOnSQLite
import Storage

/// Failures of backups, moves and upgrades, in the language of the terminal.
extension KeepingFailure: CustomStringConvertible {
    package var description: String { Say.text(message) }
}

extension House {
    /// What makes the automatic backups of this house.
    func backups() -> BackupService {
        let hours = settings.number("backupEvery")
        let settings = settings
        let (database, duties) = (database, nodes?.service)
        return BackupService(
            BackupPlan(every: hours == 0 ? nil : .hours(hours)),
            BackupService.Work(
                database: database, size: { await Self.size(of: database, settings) },
                files: URL(filePath: settings.files, directoryHint: .isDirectory),
                shelf: settings.shelf, retention: settings.retention, program: Qinke.version,
                // Of several nodes the one that has the timers makes the backups.
                isMine: { duties.map { $0.duty(LeaseName.timers) != .elsewhere } ?? true }),
            clock: Self.clock, logger: logger)
    }

    /// What copies every transaction; nil when it is not set.
    func continuous() -> ContinuousService? {
        guard let continuum = settings.continuum, let database = database as? SQLiteDatabase else {
            return nil
        }
        return ContinuousService(
            of: database, files: URL(filePath: settings.files, directoryHint: .isDirectory),
            to: continuum,
            ContinuousService.Plan(
                every: .seconds(settings.number("continuousEvery")),
                base: .hours(settings.number("continuousBase")),
                keep: .days(settings.number("continuousKeep"))),
            program: Qinke.version, clock: Self.clock, logger: logger)
    }

    /// Bytes of the data, with its write-ahead log where it is a file.
    static func size(of database: any Database, _ settings: Settings) async -> Int64 {
        guard database.dialect == .sqlite else {
            let size = try? await database.read {
                try $0.first("SELECT pg_database_size(current_database())")?.get(0, as: Int64.self)
            }
            return size.flatMap { $0 } ?? 0
        }
        return ["", "-wal"].reduce(0) { sum, ending in
            let facts = try? FileManager.default.attributesOfItem(atPath: settings.data + ending)
            return sum + Int64(facts?[.size] as? Int ?? 0)
        }
    }
}

extension Settings {
    var shelf: Shelf { Shelf(URL(filePath: backupFolder, directoryHint: .isDirectory)) }

    /// Nil = nothing is copied continuously.
    var continuum: Continuum? {
        let folder = text("continuousFolder")
        return folder.isEmpty ? nil : Continuum(URL(filePath: folder, directoryHint: .isDirectory))
    }

    var retention: Retention {
        Retention(
            daily: number("keepDaily"), weekly: number("keepWeekly"),
            monthly: number("keepMonthly"))
    }
}
