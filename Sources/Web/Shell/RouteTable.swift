package import Desk
package import HTTPTypes
package import Hummingbird
package import Realtime

/// Who may call a route.
///
/// Data, so that the role × route test and the OpenAPI comparison read the same table.
package enum Access: Hashable, Sendable {
    /// Everybody.
    case open
    /// Staff with a permission; nil: any staff.
    case staff(Permission?)
    case buyer
    /// Buyers, and staff with a permission.
    case either(Permission?)
}

/// One route: method, path with `{names}`, who may, and what it does.
package struct Route: Sendable {
    package let method: HTTPRequest.Method
    /// As in `Docs/openapi.json`: `/v1/conversations/{id}`.
    package let path: String
    package let access: Access
    let handle: @Sendable (Request, Visit, Principal?) async throws -> Response

    package static func open(
        _ method: HTTPRequest.Method, _ path: String,
        _ handle: @escaping @Sendable (Request, Visit) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, access: .open) { request, visit, _ in
            try await handle(request, visit)
        }
    }

    package static func staff(
        _ method: HTTPRequest.Method, _ path: String, _ permission: Permission?,
        _ handle: @escaping @Sendable (Request, Visit, StaffPrincipal) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, access: .staff(permission)) { request, visit, caller in
            guard case .staff(let staff) = caller else { throw Refusal.notSignedIn }
            return try await handle(request, visit, staff)
        }
    }

    package static func buyer(
        _ method: HTTPRequest.Method, _ path: String,
        _ handle: @escaping @Sendable (Request, Visit, BuyerPrincipal) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, access: .buyer) { request, visit, caller in
            guard case .buyer(let buyer) = caller else { throw Refusal.notSignedIn }
            return try await handle(request, visit, buyer)
        }
    }

    package static func either(
        _ method: HTTPRequest.Method, _ path: String, _ permission: Permission?,
        _ handle: @escaping @Sendable (Request, Visit, Principal) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, access: .either(permission)) { request, visit, caller in
            guard let caller else { throw Refusal.notSignedIn }
            return try await handle(request, visit, caller)
        }
    }
}

/// Tells who is calling, from cookie or bearer token.
package protocol Callers: Sendable {
    /// - Returns: nil when the request shows no proof at all.
    /// - Throws: a ``Refusal`` for a proof that does not hold, and for a cookie call from another site.
    func caller(of request: Request, _ visit: Visit) async throws -> Principal?
}

/// All routes of some features, each behind its declared access.
///
/// The only way in which routes with callers are added.
package struct RouteTable: RouteSet {
    package let routes: [Route]
    private let callers: any Callers

    package init(_ routes: [Route], callers: any Callers) {
        self.routes = routes
        self.callers = callers
    }

    package func add(to router: Router<Visit>) {
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { [callers] request, visit in
                let caller =
                    route.access == .open ? nil : try await callers.caller(of: request, visit)
                try Self.check(caller, against: route.access)
                return try await route.handle(request, visit, caller)
            }
        }
    }

    static func check(_ caller: Principal?, against access: Access) throws(Refusal) {
        switch (access, caller) {
        case (.open, _), (.buyer, .buyer), (.either, .buyer): return
        case (.staff(let permission), .staff(let staff)),
            (.either(let permission), .staff(let staff)):
            if let permission { try staff.require(permission) }
        case (_, nil): throw .notSignedIn
        case (.staff, .buyer):
            throw Refusal(
                .forbidden, "caller.staffOnly", zh: "只有店铺员工可以这样做", en: "Only staff may do this")
        case (.buyer, .staff):
            throw Refusal(
                .forbidden, "caller.buyerOnly", zh: "只有买家可以这样做", en: "Only buyers may do this")
        }
    }
}
