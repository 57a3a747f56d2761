/// The events that the audit log shows: every privileged act and every log-in.
///
/// A sentence may hold `{name}` of the event's body, `{actor}` and `{subject}`; `{what}` is the body's `zh` or `en`, by the
/// reader's language.
package enum AuditedKind: String, Hashable, Sendable, CaseIterable {
    case setupDone = "setup.done"
    case sessionOpened = "session.opened"
    case sessionRefused = "session.refused"
    case sessionClosed = "session.closed"
    case sessionEnded = "session.ended"
    case passwordChanged = "password.changed"
    case totpEnrolled = "totp.enrolled"
    case totpRemoved = "totp.removed"
    case recoveryUsed = "totp.recoveryUsed"
    case staffAdded = "staff.added"
    case staffChanged = "staff.changed"
    case staffSuspended = "staff.suspended"
    case staffRestored = "staff.restored"
    case staffPasswordReset = "staff.passwordReset"
    case groupAdded = "group.added"
    case groupChanged = "group.changed"
    case groupRemoved = "group.removed"
    case tokenIssued = "token.issued"
    case tokenRevoked = "token.revoked"
    case policyChanged = "policy.changed"
    case shopChanged = "shop.changed"
    case identityRotated = "identity.rotated"
    case conversationWatched = "conversation.watched"
    case conversationTakenOver = "conversation.takenOver"
    case messageHistoryRead = "message.historyRead"
    case phraseAdded = "phrase.added"
    case phraseChanged = "phrase.changed"
    case phraseRemoved = "phrase.removed"
    case carrierChanged = "carrier.changed"
    case parcelRequested = "parcel.requested"
    case parcelRenamed = "parcel.renamed"
    case delayStarted = "delay.started"
    case delayStopped = "delay.stopped"
    case ticketOpened = "ticket.opened"
    case ticketSettled = "ticket.settled"
    case exchangeReceived = "exchange.received"
    case exchangeMapped = "exchange.mapped"
    case exchangeStarted = "exchange.started"
    case exchangeCancelled = "exchange.cancelled"
    case exchangeImported = "exchange.imported"
    case exchangeFailed = "exchange.failed"
    case exchangeUndoAsked = "exchange.undoAsked"
    case exchangeUndone = "exchange.undone"
    case exchangeRemoved = "exchange.removed"
    case exchangeExported = "exchange.exported"
    case stockPurchased = "stock.purchased"
    case stockTransferred = "stock.transferred"
    case stockCounted = "stock.counted"
    case stockDamaged = "stock.damaged"
    case stockWarned = "stock.warned"
    case warehouseAdded = "warehouse.added"
    case warehouseChanged = "warehouse.changed"
    case holdPlaced = "hold.placed"
    case holdReleased = "hold.released"
    case itemAdded = "item.added"
    case itemChanged = "item.changed"
    case itemMistakeReported = "item.mistakeReported"
    case itemMistakeResolved = "item.mistakeResolved"
    case categoryAdded = "category.added"
    case categoryChanged = "category.changed"
    case freightSaved = "freight.saved"
    case orderAdded = "order.added"
    case orderPaid = "order.paid"
    case orderAddressChanged = "order.addressChanged"
    case orderVariantChanged = "order.variantChanged"
    case orderPriceChanged = "order.priceChanged"
    case orderNoted = "order.noted"
    case orderClosed = "order.closed"
    case orderLineClosed = "order.lineClosed"
    case orderRefunded = "order.refunded"
    case orderExtended = "order.extended"
    case orderCompleted = "order.completed"
    case orderMerged = "order.merged"
    case orderSplit = "order.split"
    case orderReminded = "order.reminded"
    case orderReceiverRead = "order.receiverRead"

    /// The same, to be asked of every event that is written.
    package static let names = Set(allCases.map(\.rawValue))

    /// What the subject of the event is, for the screen to link to.
    package var subject: String {
        switch self {
        case .setupDone, .policyChanged, .shopChanged, .identityRotated: "shop"
        case .sessionOpened, .sessionClosed, .sessionEnded: "session"
        case .sessionRefused, .passwordChanged, .totpEnrolled, .totpRemoved, .recoveryUsed,
            .staffAdded,
            .staffChanged, .staffSuspended, .staffRestored, .staffPasswordReset:
            "staff"
        case .groupAdded, .groupChanged, .groupRemoved: "group"
        case .tokenIssued, .tokenRevoked: "token"
        case .conversationWatched, .conversationTakenOver, .messageHistoryRead: "conversation"
        case .phraseAdded, .phraseChanged, .phraseRemoved: "phrase"
        case .carrierChanged: "carrier"
        case .parcelRequested, .parcelRenamed: "parcel"
        case .delayStarted, .delayStopped: "delay"
        case .ticketOpened, .ticketSettled: "ticket"
        case .exchangeReceived, .exchangeMapped, .exchangeStarted, .exchangeCancelled,
            .exchangeImported, .exchangeFailed, .exchangeUndoAsked, .exchangeUndone,
            .exchangeRemoved:
            "exchange"
        case .exchangeExported: "shop"
        case .stockPurchased, .stockTransferred, .stockCounted, .stockDamaged, .stockWarned: "sku"
        case .warehouseAdded, .warehouseChanged: "warehouse"
        case .holdPlaced, .holdReleased: "hold"
        case .itemAdded, .itemChanged, .itemMistakeReported, .itemMistakeResolved: "item"
        case .categoryAdded, .categoryChanged: "category"
        case .freightSaved: "freight"
        case .orderAdded, .orderPaid, .orderAddressChanged, .orderVariantChanged,
            .orderPriceChanged, .orderNoted, .orderClosed, .orderLineClosed, .orderRefunded,
            .orderExtended, .orderCompleted, .orderMerged, .orderSplit, .orderReminded,
            .orderReceiverRead:
            "order"
        }
    }

    package var sentence: Localized {
        switch self {
        case .setupDone: Localized(zh: "{actor} 建立了店铺", en: "{actor} set the shop up")
        case .sessionOpened:
            Localized(zh: "{actor} 登录，来自 {address}", en: "{actor} logged in from {address}")
        case .sessionRefused:
            Localized(
                zh: "{login} 登录失败（{reason}），来自 {address}",
                en: "A log-in as {login} from {address} was refused ({reason})")
        case .sessionClosed: Localized(zh: "{actor} 退出登录", en: "{actor} logged out")
        case .sessionEnded:
            Localized(
                zh: "{actor} 让 {name} 下线：{reason}",
                en: "{actor} ended the log-in of {name}: {reason}")
        case .passwordChanged: Localized(zh: "{actor} 修改了密码", en: "{actor} changed their password")
        case .totpEnrolled:
            Localized(zh: "{actor} 开启了两步验证", en: "{actor} turned on the second factor")
        case .totpRemoved:
            Localized(zh: "{actor} 关闭了两步验证", en: "{actor} turned off the second factor")
        case .recoveryUsed:
            Localized(zh: "{actor} 用了一个恢复码", en: "{actor} used a recovery code")
        case .staffAdded: Localized(zh: "{actor} 添加了员工 {name}", en: "{actor} added {name}")
        case .staffChanged:
            Localized(
                zh: "{actor} 修改了员工 {name}：{fields}", en: "{actor} changed {name}: {fields}")
        case .staffSuspended: Localized(zh: "{actor} 停用了 {name}", en: "{actor} suspended {name}")
        case .staffRestored: Localized(zh: "{actor} 恢复了 {name}", en: "{actor} restored {name}")
        case .staffPasswordReset:
            Localized(
                zh: "{actor} 重置了 {name} 的密码", en: "{actor} reset the password of {name}")
        case .groupAdded:
            Localized(zh: "{actor} 添加了分组 {name}", en: "{actor} added the group {name}")
        case .groupChanged:
            Localized(zh: "{actor} 修改了分组 {name}", en: "{actor} changed the group {name}")
        case .groupRemoved:
            Localized(zh: "{actor} 删除了分组 {name}", en: "{actor} removed the group {name}")
        case .tokenIssued:
            Localized(
                zh: "{actor} 签发了令牌 {name}：{scopes}", en: "{actor} issued the token {name}: {scopes}"
            )
        case .tokenRevoked:
            Localized(zh: "{actor} 撤销了令牌 {name}", en: "{actor} revoked the token {name}")
        case .policyChanged:
            Localized(
                zh: "{actor} 修改了规则，第 {version} 版",
                en: "{actor} changed the rules, version {version}")
        case .shopChanged:
            Localized(
                zh: "{actor} 修改了店铺设置：{fields}", en: "{actor} changed the shop's settings: {fields}")
        case .identityRotated:
            Localized(
                zh: "{actor} 更换了买家身份签名密钥", en: "{actor} replaced the secret that signs buyers in")
        case .conversationWatched:
            Localized(zh: "{actor} 旁观了会话", en: "{actor} watched a conversation")
        case .conversationTakenOver:
            Localized(
                zh: "{actor} 接管了会话：{reason}", en: "{actor} took a conversation over: {reason}")
        case .messageHistoryRead:
            Localized(
                zh: "{actor} 查看了消息 №{number} 修改前的内容",
                en: "{actor} read what message №{number} said before")
        case .phraseAdded:
            Localized(zh: "{actor} 添加了短语 {title}", en: "{actor} added the phrase {title}")
        case .phraseChanged:
            Localized(zh: "{actor} 修改了短语 {title}", en: "{actor} changed the phrase {title}")
        case .phraseRemoved:
            Localized(zh: "{actor} 删除了短语 {title}", en: "{actor} removed the phrase {title}")
        case .carrierChanged:
            Localized(zh: "{actor} 修改了快递公司 {name}", en: "{actor} changed the carrier {name}")
        case .parcelRequested:
            Localized(
                zh: "{actor} 请快递拦截或改派 {waybill}：{note}",
                en: "{actor} asked the carrier to stop or redirect {waybill}: {note}")
        case .parcelRenamed:
            Localized(zh: "{actor} 改了运单号 {waybill}", en: "{actor} corrected the waybill {waybill}")
        case .delayStarted:
            Localized(
                zh: "{actor} 向 {parcels} 个包裹的买家发延误通知：{reason}",
                en: "{actor} told the buyers of {parcels} parcels of a delay: {reason}")
        case .delayStopped:
            Localized(zh: "{actor} 停止了一批延误通知", en: "{actor} stopped a batch of delay notices")
        case .ticketOpened:
            Localized(
                zh: "{actor} 为 {waybill} 向快递开工单，索赔 {claim}",
                en: "{actor} opened a carrier ticket for {waybill}, claiming {claim}")
        case .ticketSettled:
            Localized(
                zh: "{actor} 登记快递赔付 {paid}（{waybill}）",
                en: "{actor} recorded that the carrier paid {paid} for {waybill}")
        case .exchangeReceived:
            Localized(zh: "{actor} 上传了文件 {name}", en: "{actor} uploaded the file {name}")
        case .exchangeMapped:
            Localized(
                zh: "{actor} 修改了 {name} 的列对应",
                en: "{actor} changed what the columns of {name} mean")
        case .exchangeStarted:
            Localized(zh: "{actor} 开始导入 {name}", en: "{actor} began to import {name}")
        case .exchangeCancelled:
            Localized(zh: "{actor} 停下了 {name} 的导入", en: "{actor} stopped the import of {name}")
        case .exchangeImported:
            Localized(
                zh: "{actor} 导入了 {name}：{rows} 行，新增 {made}，更新 {changed}",
                en: "{actor} imported {name}: {rows} rows, {made} new, {changed} changed")
        case .exchangeFailed:
            Localized(zh: "{actor} 的导入 {name} 出错停下", en: "The import of {name} by {actor} failed")
        case .exchangeUndoAsked:
            Localized(zh: "{actor} 撤销 {name} 的导入", en: "{actor} asked to undo the import of {name}")
        case .exchangeUndone:
            Localized(
                zh: "{actor} 的导入 {name} 已撤销", en: "The import of {name} by {actor} was undone")
        case .exchangeRemoved:
            Localized(zh: "{actor} 删除了导入记录 {name}", en: "{actor} removed the batch {name}")
        case .exchangeExported:
            Localized(
                zh: "{actor} 导出了{list}：{rows} 行，{form}",
                en: "{actor} exported {list}: {rows} rows as {form}")
        case .stockPurchased:
            Localized(
                zh: "{actor} 把 {name} 入库 {quantity} 件到 {warehouse}",
                en: "{actor} bought {quantity} of {name} into {warehouse}")
        case .stockTransferred:
            Localized(
                zh: "{actor} 从 {warehouse} 调出 {name} {quantity} 件：{reason}",
                en: "{actor} transferred {quantity} of {name} from {warehouse}: {reason}")
        case .stockCounted:
            Localized(
                zh: "{actor} 盘点 {warehouse} 的 {name}，差异 {quantity} 件：{reason}",
                en: "{actor} counted {name} in {warehouse}, a difference of {quantity}: {reason}")
        case .stockDamaged:
            Localized(
                zh: "{actor} 报损 {warehouse} 的 {name} {quantity} 件：{reason}",
                en: "{actor} wrote off {quantity} of {name} in {warehouse}: {reason}")
        case .stockWarned:
            Localized(
                zh: "{actor} 修改了 {name} 的库存预警线",
                en: "{actor} changed from when {name} counts as low")
        case .warehouseAdded:
            Localized(zh: "{actor} 添加了仓库 {name}", en: "{actor} added the warehouse {name}")
        case .warehouseChanged:
            Localized(zh: "{actor} 修改了仓库 {name}", en: "{actor} changed the warehouse {name}")
        case .holdPlaced:
            Localized(
                zh: "{actor} 给买家预留了 {name} {quantity} 件",
                en: "{actor} held {quantity} of {name} for a buyer")
        case .holdReleased:
            Localized(
                zh: "{actor} 释放了预留的 {name} {quantity} 件",
                en: "{actor} released {quantity} of {name} that were held")
        case .itemAdded:
            Localized(zh: "{actor} 添加了商品 {title}", en: "{actor} added the item {title}")
        case .itemChanged:
            Localized(zh: "{actor} 修改了商品 {title}", en: "{actor} changed the item {title}")
        case .itemMistakeReported:
            Localized(
                zh: "{actor} 报告了商品 {title} 的错误",
                en: "{actor} reported a mistake of the item {title}")
        case .itemMistakeResolved:
            Localized(
                zh: "{actor} 处理了商品 {title} 的报错",
                en: "{actor} dealt with a report about the item {title}")
        case .categoryAdded:
            Localized(zh: "{actor} 添加了分类 {title}", en: "{actor} added the category {title}")
        case .categoryChanged:
            Localized(zh: "{actor} 修改了分类 {title}", en: "{actor} changed the category {title}")
        case .freightSaved:
            Localized(
                zh: "{actor} 保存了运费模板 {title}", en: "{actor} saved the freight template {title}")
        case .orderAdded:
            Localized(
                zh: "{actor} 下了订单 {number}",
                en: "{actor} placed order {number}")
        case .orderPaid:
            Localized(
                zh: "{actor} 登记了订单 {number} 的付款：{what}",
                en: "{actor} recorded a payment of order {number}: {what}")
        case .orderAddressChanged:
            Localized(
                zh: "{actor} 改了订单 {number} 的地址：{what}",
                en: "{actor} changed the address of order {number}: {what}")
        case .orderVariantChanged:
            Localized(
                zh: "{actor} 改了订单 {number} 的规格：{what}",
                en: "{actor} changed a variant of order {number}: {what}")
        case .orderPriceChanged:
            Localized(
                zh: "{actor} 改了订单 {number} 的价格：{what}",
                en: "{actor} changed the price of order {number}: {what}")
        case .orderNoted:
            Localized(
                zh: "{actor} 改了订单 {number} 的备注",
                en: "{actor} changed the memo of order {number}")
        case .orderClosed:
            Localized(
                zh: "{actor} 关闭了订单 {number}：{what}",
                en: "{actor} closed order {number}: {what}")
        case .orderLineClosed:
            Localized(
                zh: "{actor} 关闭了订单 {number} 的商品 {what}",
                en: "{actor} closed a line of order {number}: {what}")
        case .orderRefunded:
            Localized(
                zh: "{actor} 登记了订单 {number} 的退款：{what}",
                en: "{actor} recorded a refund of order {number}: {what}")
        case .orderExtended:
            Localized(
                zh: "{actor} 延长了订单 {number} 的收货：{what}",
                en: "{actor} extended the receipt of order {number}: {what}")
        case .orderCompleted:
            Localized(
                zh: "{actor} 确认了订单 {number} 的收货",
                en: "{actor} confirmed the receipt of order {number}")
        case .orderMerged:
            Localized(
                zh: "{actor} 合并了订单 {number}：{what}",
                en: "{actor} merged order {number}: {what}")
        case .orderSplit:
            Localized(
                zh: "{actor} 拆分了订单 {number}：{what}",
                en: "{actor} split order {number}: {what}")
        case .orderReminded:
            Localized(
                zh: "{actor} 催付了订单 {number}",
                en: "{actor} reminded the buyer of order {number}")
        case .orderReceiverRead:
            Localized(
                zh: "{actor} 查看了订单 {number} 的收货人信息，用途：{purpose}",
                en: "{actor} read the receiver of order {number} for: {purpose}")
        }
    }
}
