import ArgumentParser
import Desk
import Foundation
import Glibc
import Storage

struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "员工账号 · Accounts of the staff.",
        subcommands: [StaffAddCommand.self])
}

struct StaffAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract:
            "添加员工；还没有店铺时，加的是店主并建店 · Add somebody; while there is no shop, its owner, and the shop.",
        discussion: """
            密码从终端输入，或从标准输入读一行。
            The password is asked at the terminal, or read as one line of standard input.
            """)

    @Argument(help: "登录名 · Log-in")
    var login: String
    @Option(help: "姓名 · Name")
    var name: String
    @Option(help: "花名 · The name that buyers see")
    var nickname = ""
    @Option(help: "岗位 · Role: \(Role.allCases.map(\.rawValue).joined(separator: " "))")
    var role = Role.agent.rawValue
    @Option(help: "级别 · Level: \(StaffLevel.allCases.map(\.rawValue).joined(separator: " "))")
    var level: String?
    @Option(help: "部门 · Department: \(Department.allCases.map(\.rawValue).joined(separator: " "))")
    var department = Department.service.rawValue
    @Option(
        help: "用工 · Employment: \(EmploymentType.allCases.map(\.rawValue).joined(separator: " "))")
    var employment = EmploymentType.fullTime.rawValue
    @Option(help: "同时接待数 · Conversations at a time")
    var cap: Int?
    @Option(help: "店铺代号（建店时必填） · The shop's slug; needed to make it")
    var shop: String?
    @Option(help: "店名（建店时必填） · The shop's name; needed to make it")
    var shopName: String?
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        let settings = try flags.settings()
        guard let role = Role(rawValue: role) else { throw ValidationError("--role") }
        guard let department = Department(rawValue: department) else {
            throw ValidationError("--department")
        }
        guard let employment = EmploymentType(rawValue: employment) else {
            throw ValidationError("--employment")
        }
        let chosen = try level.map { text in
            guard let level = StaffLevel(rawValue: text) else { throw ValidationError("--level") }
            return level
        }
        let house = try await House.open(settings, alone: false)
        defer { try? house.close() }
        let password = try Password.ask()
        do {
            if try await house.identity.shops.isEmpty() {
                guard let shop, let shopName else {
                    throw House.Failure(
                        message: Localized(
                            zh: "还没有店铺：请给 --shop 代号 --shop-name 店名，这个账号就是店主",
                            en:
                                "there is no shop yet: give --shop SLUG --shop-name NAME, and this is its owner"
                        ))
                }
                let made = try await house.identity.shops.make(
                    name: shopName, slug: shop,
                    owner: .init(login: login, name: name, password: password))
                return Say.line(
                    zh: "已建店“\(made.shop.name)”，店主 \(made.owner.login)",
                    en: "Made the shop \"\(made.shop.name)\" with its owner \(made.owner.login)")
            }
            let standing = Standing(role, chosen ?? role.levels.lowerBound, employment)
            let staff = try await house.identity.staff.add(
                NewStaff(
                    login: login, name: name, nickname: nickname, standing: standing,
                    department: department,
                    cap: cap, password: password),
                to: try await house.shop(shop), by: nil)
            Say.line(
                zh: "已添加 \(staff.name)（\(staff.login)，\(role.name.zh)）",
                en: "Added \(staff.name) (\(staff.login), \(role.name.en))")
        } catch let refusal as Refusal {
            throw House.Failure(message: refusal.message)
        }
    }
}

/// A password typed at the terminal without showing it, or the first line of standard input.
enum Password {
    static func ask() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(), !line.isEmpty else { throw missing }
            return line
        }
        let first = try hidden(Say.text(zh: "密码：", en: "Password: "))
        let second = try hidden(Say.text(zh: "再输一次：", en: "Again: "))
        guard first == second else {
            throw House.Failure(message: Localized(zh: "两次输入不一样", en: "the two differ"))
        }
        return first
    }

    private static let missing = House.Failure(
        message: Localized(zh: "没有给密码", en: "no password was given"))

    private static func hidden(_ prompt: String) throws -> String {
        FileHandle.standardError.write(Data(prompt.utf8))
        var old = termios()
        tcgetattr(STDIN_FILENO, &old)
        var quiet = old
        quiet.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &old)
            Say.aside("")
        }
        guard let line = readLine(), !line.isEmpty else { throw missing }
        return line
    }
}
