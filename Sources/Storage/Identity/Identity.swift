package import Desk

/// Everything about who is who, in one place.
///
/// One of it serves a whole program.
package struct Identity: Sendable {
    package let carryOut: CarryOut
    package let policies: PolicyStore
    package let shops: ShopStore
    package let staff: StaffStore
    package let sessions: SessionStore
    package let secondFactors: SecondFactorStore
    package let groups: GroupStore
    package let tokens: TokenStore
    package let buyers: BuyerStore
    package let audit: AuditStore
    package let principals: Principals
    package let phrases: PhraseStore
    package let stock: StockStore
    package let catalog: CatalogStore
    package let freight: FreightStore
    package let orders: OrderStore
    package let setUp: SetUpGuard

    /// - Parameter carryOut: what it announces must be told to ``heard(_:)``.
    package init(
        _ carryOut: CarryOut, hasher: PasswordHasher = PasswordHasher(),
        setUp: SetUpGuard = SetUpGuard(), perLogin: LoginThrottle = LoginThrottle(.perLogin),
        perAddress: LoginThrottle = LoginThrottle(.perAddress)
    ) {
        self.carryOut = carryOut
        self.setUp = setUp
        let policies = PolicyStore(carryOut)
        self.policies = policies
        shops = ShopStore(carryOut, hasher)
        staff = StaffStore(carryOut, hasher, policies)
        sessions = SessionStore(
            carryOut, hasher, policies,
            LoginAttempts(carryOut.database, perLogin: perLogin, perAddress: perAddress))
        secondFactors = SecondFactorStore(carryOut, staff)
        groups = GroupStore(carryOut)
        tokens = TokenStore(carryOut)
        buyers = BuyerStore(carryOut, policies)
        audit = AuditStore(carryOut.database)
        principals = Principals(carryOut, policies)
        phrases = PhraseStore(carryOut)
        stock = StockStore(carryOut, policy: policies.now)
        catalog = CatalogStore(carryOut)
        freight = FreightStore(carryOut)
        orders = OrderStore(carryOut, stock: .ledger, policy: policies.now)
    }

    /// Takes note of what happened: what was remembered of it is forgotten.
    ///
    /// Quick; may be called on the announcing thread.
    package func heard(_ events: [Event]) {
        policies.heard(events)
        principals.heard(events)
    }
}
