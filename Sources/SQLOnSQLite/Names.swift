package import SQL

// GRDB exports types of these names too (and one called SQL), so this file, which does not see GRDB, tells them apart.

package typealias PortDatabase = Database
package typealias PortStatement = Statement
package typealias PortRow = Row
