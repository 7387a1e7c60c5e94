// Package webhooks decides on the deliveries of events to the endpoints of other systems:
// which records an endpoint gets, when a failed attempt is made again, when an event is
// parked, and when an endpoint counts as failing or has failed for too long. Nothing here
// reads a clock or sends anything. B:V12
package webhooks
