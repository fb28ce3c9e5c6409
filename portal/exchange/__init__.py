"""Files and other programs: data packages in and out, Open Referral HSDS."""
