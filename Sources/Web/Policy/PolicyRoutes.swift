import Desk
import Hummingbird
import Storage

/// The shop's rules: everybody of the staff works by them, so everybody may read them.
struct PolicyRoutes: Sendable {
    let identity: Identity

    var routes: [Route] {
        [
            .staff(.get, "/v1/policy", nil, policy),
            .staff(.put, "/v1/policy", .policyEdit, change),
        ]
    }

    private struct Whole: Encodable {
        let version: Int
        let effective: Instant
        let values: [String: Int]
        let fields: [Field]
        let history: [Version]

        struct Field: Encodable {
            let key: PolicyKey
            let unit: PolicyField.Unit
            let min: Int
            let max: Int
            let `default`: Int
            let name: Localized
            let help: Localized
        }

        struct Version: Encodable {
            let version: Int
            let effective: Instant
            let by: NamedID?
        }
    }

    @Sendable
    private func policy(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try await whole(try await identity.policies.inForce(staff.shop), staff)
    }

    private func whole(_ policy: PolicySet, _ staff: StaffPrincipal) async throws -> Response {
        let history = try await identity.policies.history(of: staff.shop)
        return try .json(
            Whole(
                version: policy.version, effective: policy.effective, values: policy.wireValues,
                fields: PolicyField.all.map { field in
                    .init(
                        key: field.key, unit: field.unit, min: field.bounds.lowerBound,
                        max: field.bounds.upperBound, default: field.standard, name: field.name,
                        help: field.help)
                },
                history: history.map { version in
                    .init(
                        version: version.policy.version, effective: version.policy.effective,
                        by: version.by.map {
                            NamedID(id: $0.id.map(String.init) ?? "", name: $0.name)
                        })
                }))
    }

    private struct Change: Decodable {
        let version: Int
        let values: [String: Int]
    }

    @Sendable
    private func change(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Change.self, visit)
        let policy = try await identity.policies.change(
            body.values, readAs: body.version, by: staff)
        return try await whole(policy, staff)
    }
}
