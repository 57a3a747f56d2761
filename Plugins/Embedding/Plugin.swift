import Foundation
import PackagePlugin

/// Builds the front end's files into `Web` and the demo's into `Server`.
@main struct Embedding: BuildToolPlugin {
    private static let plans = [
        "Web": (
            name: "EmbeddedWeb", uses: "-", root: "Sources/Web",
            folders: ["Workspace", "Widget", "Protocol", "Design"]
        ),
        "Server": (name: "EmbeddedDemo", uses: "Web", root: ".", folders: ["Demo"]),
    ]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let plan = Self.plans[target.name] else { return [] }
        let root = context.package.directoryURL.appending(path: plan.root)
        let output = context.pluginWorkDirectoryURL.appending(path: "\(plan.name).swift")
        let inputs = plan.folders.flatMap { files(in: root.appending(path: $0)) }
        return [
            .buildCommand(
                displayName: "Embed \(plan.folders.joined(separator: ", "))",
                executable: try context.tool(named: "EmbedAssets").url,
                arguments: [output.path(), plan.name, plan.uses, root.path()] + plan.folders,
                inputFiles: inputs, outputFiles: [output])
        ]
    }

    private func files(in folder: URL) -> [URL] {
        guard let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        else { return [] }
        // Folders too: a file added or removed changes its folder.
        return [folder] + walk.compactMap { $0 as? URL }
    }
}
