package notify

import "time"

// NotificationsKept is how long a notification can be listed.
const NotificationsKept = 30 * 24 * time.Hour
